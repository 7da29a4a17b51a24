import * as ort from 'onnxruntime-node';
import { constant, input } from '../leaf.ts';
import { LocalRuntime, type Ort } from '../runtime/local.ts';
import { compileStep, type Driver, type Step } from '../step.ts';
import type { DType, Tensor } from '../tensor.ts';
import { numbers, type TensorData, tensorData } from '../tensor-data.ts';
import { scalarFeeds, scalarInputs } from './feeds.ts';
import type { Optimiser } from './optimiser.ts';

export const runtime: LocalRuntime = new LocalRuntime(ort as unknown as Ort, { name: 'native', threads: 1 });

/** Numbers in (−1, 1) without a pattern that an optimiser could profit from. */
export const wave = (length: number, phase = 0): number[] =>
  Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 + phase) * Math.cos((i + 1) * 4.1414));

export interface Trial {
  readonly optimiser: Optimiser;
  /** The shape of the parameter. */
  readonly shape: readonly number[];
  readonly start: readonly number[];
  /** The gradients of all steps, one after the other. */
  readonly gradients: readonly number[];
  readonly rates: readonly number[];
  readonly mask?: readonly number[];
  /** Whether the mask stands in the graph or is fed. */
  readonly maskAs?: 'constant' | 'input';
  readonly dtype?: DType;
  readonly driver?: Driver;
}

/** The optimiser's step over fed gradients. */
export function stepOf(trial: Trial): Step {
  const { optimiser, shape, mask, dtype = 'float32' } = trial;
  const leaf = (name: string): Tensor => input(name, shape, { dtype, role: 'state' });
  const parameter = leaf('theta');
  const slots = Object.fromEntries(optimiser.slots.map((name) => [name, leaf(`slot/${name}`)]));
  const decayMask =
    mask === undefined
      ? undefined
      : trial.maskAs === 'input'
        ? input('mask', [mask.length], { dtype })
        : constant(mask, { dtype });
  const next = optimiser.update({
    parameter,
    gradient: input('gradient', shape, { dtype, role: 'step' }),
    slots,
    scalars: scalarInputs(optimiser, { dtype }),
    ...(decayMask && { decayMask }),
  });
  return {
    state: [
      { leaf: parameter, next: next.parameter },
      ...optimiser.slots.map((name) => ({ leaf: slots[name]!, next: next.slots[name]! })),
    ],
    outputs: { path: next.parameter },
  };
}

/** θ after every step, as [steps, …]; the state at the end. */
export async function run(trial: Trial): Promise<{ theta: number[]; state: Record<string, TensorData> }> {
  const { optimiser, shape, mask, dtype = 'float32', driver = 'looped' } = trial;
  const steps = trial.rates.length;
  const stepper = await runtime.loadStep(compileStep(stepOf(trial), { driver }));
  const size = shape.reduce((a, b) => a * b, 1);
  const zeros = tensorData(new Array<number>(size).fill(0), shape, dtype);
  await stepper.bind(
    mask !== undefined && trial.maskAs === 'input' ? { mask: tensorData(mask, [mask.length], dtype) } : {},
  );
  await stepper.write({
    theta: tensorData(trial.start, shape, dtype),
    ...Object.fromEntries(optimiser.slots.map((name) => [`slot/${name}`, zeros])),
  });
  const { path } = await stepper.advance(steps, {
    gradient: tensorData(trial.gradients, [steps, ...shape], dtype),
    ...scalarFeeds(optimiser, 1, trial.rates, { dtype }),
  });
  const state = await stepper.read();
  await stepper.close();
  return { theta: numbers(path!), state };
}
