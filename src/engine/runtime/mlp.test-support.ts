import { gradient } from '../gradient.ts';
import { input } from '../leaf.ts';
import { gather, matmul, mul, reduceMean, relu, square, sub } from '../operators/index.ts';
import type { Step } from '../step.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';

const ROWS = 200;
const BATCH = 32;
const [INPUTS, HIDDEN, OUTPUTS] = [8, 16, 2];

/** A real training step, for tests: two layers, squared error, gradient descent, rows picked by index. */
export function mlpStep(): Step {
  const X = input('X', [ROWS, INPUTS]);
  const Y = input('Y', [ROWS, OUTPUTS]);
  const index = input('index', [BATCH], { dtype: 'int32', role: 'step' });
  const rate = input('rate', [], { role: 'step' });
  const w1 = input('w1', [INPUTS, HIDDEN], { role: 'state' });
  const w2 = input('w2', [HIDDEN, OUTPUTS], { role: 'state' });
  const output = matmul(relu(matmul(gather(X, index), w1)), w2);
  const losses = reduceMean(square(sub(output, gather(Y, index))), 0);
  const [g1, g2] = gradient(reduceMean(losses), [w1, w2]);
  return {
    state: [
      { leaf: w1, next: sub(w1, mul(g1!, rate)) },
      { leaf: w2, next: sub(w2, mul(g2!, rate)) },
    ],
    outputs: { losses },
  };
}

const wave = (shape: number[], scale: number): TensorData =>
  tensorData(
    Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => scale * Math.sin(i * 12.9898 + 1),
    ),
    shape,
  );

export const mlpData = (): Record<string, TensorData> => ({
  X: wave([ROWS, INPUTS], 1),
  Y: wave([ROWS, OUTPUTS], 0.5),
});

export const mlpState = (): Record<string, TensorData> => ({
  w1: wave([INPUTS, HIDDEN], 0.4),
  w2: wave([HIDDEN, OUTPUTS], 0.4),
});

/** The per-step inputs of `steps` steps from `start` on. */
export const mlpInputs = (start: number, steps: number): Record<string, TensorData> => ({
  index: tensorData(
    Int32Array.from({ length: steps * BATCH }, (_, i) => ((start * BATCH + i) * 7) % ROWS),
    [steps, BATCH],
    'int32',
  ),
  rate: tensorData(
    Float32Array.from({ length: steps }, (_, k) => 0.1 / (1 + 0.01 * (start + k))),
    [steps],
  ),
});
