import { input } from '../leaf.ts';
import type { DType, Tensor } from '../tensor.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';
import type { Optimiser } from './optimiser.ts';

export interface ScalarOptions {
  /** What the names of the inputs begin with; default `optimiser`. */
  readonly prefix?: string;
  readonly dtype?: DType;
}

/**
 * The per-step inputs of an optimiser, by the keys of its `scalars`.
 *
 * @example const { parameter } = adam().update({ …, scalars: scalarInputs(adam()) });
 */
export function scalarInputs(optimiser: Optimiser, options: ScalarOptions = {}): Record<string, Tensor> {
  const { prefix = 'optimiser', dtype = 'float32' } = options;
  const keys = Object.keys(optimiser.scalars(1, 1));
  return Object.fromEntries(keys.map((key) => [key, input(`${prefix}/${key}`, [], { dtype, role: 'step' })]));
}

/**
 * What the inputs of `scalarInputs` are fed for consecutive steps: a tensor [steps] each.
 *
 * @param firstStep the first of the steps, counted from 1
 * @param learningRates one for each step
 */
export function scalarFeeds(
  optimiser: Optimiser,
  firstStep: number,
  learningRates: readonly number[],
  options: ScalarOptions = {},
): Record<string, TensorData> {
  const { prefix = 'optimiser', dtype = 'float32' } = options;
  const rows = learningRates.map((rate, k) => optimiser.scalars(firstStep + k, rate));
  const keys = Object.keys(optimiser.scalars(firstStep, 1));
  return Object.fromEntries(
    keys.map((key) => [
      `${prefix}/${key}`,
      tensorData(
        rows.map((row) => row[key]!),
        [rows.length],
        dtype,
      ),
    ]),
  );
}
