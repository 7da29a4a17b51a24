import * as native from 'onnxruntime-node';
import { expect, test } from 'vitest';
import {
  add,
  compileStep,
  constant,
  input,
  jacobian,
  matmul,
  mul,
  numbers,
  reduceMean,
  reshape,
  type Stepper,
  square,
  sub,
  type Tensor,
  type TensorData,
  tensorData,
} from './index.ts';
import { compileMediated, type MediatedStep, type Mediator } from './mediation.ts';
import { LocalRuntime, type Ort } from './runtime/local.ts';

/** Two losses of one vector; the host answers with weights that follow from their Gramian. */
function build(): { step: MediatedStep; losses: Tensor; jacobian: Tensor; theta: Tensor; weights: Tensor } {
  const theta = input('theta', [3], { role: 'state' });
  const unused = input('scale', [1], { role: 'state' });
  const rate = input('rate', [1], { role: 'step' });
  const x = input('x', [2, 3], { role: 'data' });
  const prediction = reshape(matmul(x, reshape(theta, [3, 1])), [2]);
  const target = add(constant([1, -1]), mul(input('noise', [2], { role: 'step' }), 0.1));
  const losses = square(sub(prediction, target));
  const [rows] = jacobian(losses, [theta]) as [Tensor];
  const weights = input('weights', [2], { role: 'step' });
  const direction = reshape(matmul(reshape(weights, [1, 2]), rows), [3]);
  return {
    losses,
    jacobian: rows,
    theta,
    weights,
    step: {
      state: [
        { leaf: theta, next: sub(theta, mul(direction, rate)) },
        { leaf: unused, next: unused },
      ],
      outputs: { losses, mean: reduceMean(losses), used: mul(weights, 1) },
      asked: { gramian: matmul(rows, rows, { transposeB: true }) },
      answers: [weights],
    },
  };
}

/** Weights 1/‖gₜ‖, of which it remembers how often it was asked. */
function inverseNorms(settings: unknown): Mediator {
  const { damping } = settings as { damping: number };
  return {
    state: { asked: 0 },
    answer({ gramian }) {
      const g = numbers(gramian!);
      (this.state as { asked: number }).asked++;
      return { weights: tensorData([0, 3].map((at) => 1 / (Math.sqrt(g[at]!) + damping))) };
    },
  };
}

const steps = 5;
const data = { x: tensorData([1, 2, 0.5, -1, 0.3, 2], [2, 3]) };
const feeds: Record<string, TensorData> = {
  rate: tensorData([0.1, 0.2, 0.05, 0.1, 0.1], [steps, 1]),
  noise: tensorData([0.3, -0.1, 1, 0.2, -0.5, 0.1, 0.2, 0.4, -0.3, 0], [steps, 2]),
};
const start = { theta: tensorData([0.5, -0.25, 1]), scale: tensorData([7]) };

async function openMediated(): Promise<{ runtime: LocalRuntime; stepper: Stepper }> {
  const mediators = { 'inverse-norms': inverseNorms };
  const runtime = new LocalRuntime(native as unknown as Ort, { name: 'native', mediators });
  const program = compileMediated(build().step, { name: 'inverse-norms', settings: { damping: 0.01 } }, {});
  const stepper = await runtime.loadStep(program);
  await stepper.bind(data);
  await stepper.write(start);
  return { runtime, stepper };
}

test('a step in two halves is the step with the answers inside', async () => {
  const { runtime, stepper } = await openMediated();
  const outputs = await stepper.advance(steps, feeds);
  const state = await stepper.read();
  expect(await stepper.memory!.read()).toEqual({ asked: steps });
  // The same weights, fed as per-step inputs of an ordinary step.
  const { step } = build();
  const plain = await runtime.loadStep(
    compileStep(
      { state: step.state, outputs: { losses: step.outputs.losses!, mean: step.outputs.mean! } },
      { driver: 'looped' },
    ),
  );
  await plain.bind(data);
  await plain.write(start);
  const expected = await plain.advance(steps, { ...feeds, weights: outputs.used! });
  expect(numbers(outputs.losses!)).toEqual(numbers(expected.losses!));
  expect(numbers(outputs.mean!)).toEqual(numbers(expected.mean!));
  expect(numbers(state.theta!)).toEqual(numbers((await plain.read()).theta!));
  expect(numbers(state.scale!)).toEqual([7]);
  await runtime.close();
});

test('memory and state together resume a run', async () => {
  const { runtime, stepper } = await openMediated();
  const part = (from: number, to: number): Record<string, TensorData> =>
    Object.fromEntries(
      Object.entries(feeds).map(([name, { shape, data: all }]) => {
        const width = shape.slice(1).reduce((a, b) => a * b, 1);
        const own = (all as Float32Array).slice(from * width, to * width);
        return [name, tensorData(own, [to - from, ...shape.slice(1)])];
      }),
    );
  await stepper.advance(2, part(0, 2));
  const [state, memory] = [await stepper.read(), await stepper.memory!.read()];
  await stepper.advance(3, part(2, 5));
  const whole = await stepper.read();
  const again = await openMediated();
  await again.stepper.write(state);
  await again.stepper.memory!.write(memory);
  await again.stepper.advance(3, part(2, 5));
  expect(await again.stepper.read()).toEqual(whole);
  expect(await again.stepper.memory!.read()).toEqual({ asked: 5 });
  await runtime.close();
  await again.runtime.close();
});

test('a question must not depend on an answer, and a mediator must be known', async () => {
  const { step, weights } = build();
  expect(() =>
    compileMediated({ ...step, asked: { weights } }, { name: 'inverse-norms', settings: {} }, {}),
  ).toThrow(expect.objectContaining({ code: 'operator-invalid' }));
  const runtime = new LocalRuntime(native as unknown as Ort, { name: 'native' });
  const program = compileMediated(step, { name: 'unheard-of', settings: {} }, {});
  await expect(runtime.loadStep(program)).rejects.toMatchObject({ code: 'runtime-failed' });
  await runtime.close();
});
