import { RandomStream } from '../common/random.ts';
import { type TensorData, tensorData } from '../engine/index.ts';
import type { Optimiser } from '../engine/optimiser/index.ts';
import type { Noise } from './carried.ts';
import { type EpochPlan, RowStream } from './sampling/sampler.ts';

export interface ChunkOfSteps {
  /** First step of the chunk within the epoch. */
  readonly start: number;
  readonly steps: number;
  readonly rowsPerStep: number;
  readonly tasks: number;
}

/** The rows of consecutive steps, for all replicas, and which tasks they train: 1, or 0 for those that wait. */
export function stepFeeds(plans: readonly EpochPlan[], chunk: ChunkOfSteps): Record<string, TensorData> {
  const { start, steps, rowsPerStep, tasks } = chunk;
  const rows = new Int32Array(steps * plans.length * rowsPerStep);
  const taskWeights = new Float32Array(steps * plans.length * tasks);
  for (let k = 0; k < steps; k++) {
    plans.forEach((plan, s) => {
      const from = (start + k) * rowsPerStep;
      const replica = k * plans.length + s;
      rows.set(plan.rows.subarray(from, from + rowsPerStep), replica * rowsPerStep);
      const active = plan.active?.[start + k];
      for (let t = 0; t < tasks; t++)
        taskWeights[replica * tasks + t] = active === undefined || active === t ? 1 : 0;
    });
  }
  const lead = plans.length === 1 ? [] : [plans.length];
  return {
    rows: tensorData(rows, [steps, ...lead, rowsPerStep], 'int32'),
    'task-weights': tensorData(taskWeights, [steps, ...lead, tasks]),
  };
}

/** Two random words for each step and replica, a function of (seed, step) alone. */
export function dropoutKeys(
  seeds: readonly number[],
  firstStep: number,
  steps: number,
): Record<string, TensorData> {
  const lead = seeds.length === 1 ? [] : [seeds.length];
  return Object.fromEntries(
    ['dropout/multiplier', 'dropout/offset'].map((name) => {
      const words = new Int32Array(steps * seeds.length);
      seeds.forEach((seed, s) => {
        const stream = new RandomStream(seed, name);
        for (let k = 0; k < steps; k++) words[k * seeds.length + s] = stream.bits(firstStep + k) | 0;
      });
      return [name, tensorData(words, [steps, ...lead, 1, 1], 'int32')];
    }),
  );
}

/** Standard normal numbers for each step and replica, a function of (seed, name, step) alone. */
export function noiseFeeds(
  noises: readonly Noise[],
  seeds: readonly number[],
  firstStep: number,
  steps: number,
): Record<string, TensorData> {
  const lead = seeds.length === 1 ? [] : [seeds.length];
  return Object.fromEntries(
    noises.map(({ name, size }) => {
      const values = new Float32Array(steps * seeds.length * size);
      seeds.forEach((seed, s) => {
        const stream = new RandomStream(seed, name);
        for (let k = 0; k < steps; k++)
          for (let i = 0; i < size; i++)
            values[(k * seeds.length + s) * size + i] = stream.normal((firstStep + k) * size + i);
      });
      return [name, tensorData(values, [steps, ...lead, size])];
    }),
  );
}

/** Vectors that stay the same over some steps, one for each replica. */
export function repeatedFeeds(
  inputs: ReadonlyMap<string, readonly (readonly number[])[]>,
  steps: number,
): Record<string, TensorData> {
  return Object.fromEntries(
    [...inputs].map(([name, replicas]) => {
      const values = Array.from({ length: steps }, () => replicas.flat()).flat();
      const lead = replicas.length === 1 ? [] : [replicas.length];
      return [name, tensorData(values, [steps, ...lead, replicas[0]!.length])];
    }),
  );
}

/** What the input of an optimiser's scalar is called. */
export const scalarName = (key: string): string => `optimiser/${key}`;

/**
 * The optimiser's scalars for consecutive steps, of every replica and group: [steps, …seeds, groups per replica].
 *
 * @param firstStep counted from 1
 * @param rates learning rates by step, a list for all groups of all replicas, replica-major
 */
export function optimiserFeeds(
  optimiser: Optimiser,
  firstStep: number,
  rates: readonly (readonly number[])[],
  seeds: number,
): Record<string, TensorData> {
  const keys = Object.keys(optimiser.scalars(firstStep, 1));
  const groups = rates[0]?.length ?? seeds;
  const feeds = keys.map(() => new Float32Array(rates.length * groups));
  rates.forEach((own, k) => {
    // Most groups have one rate: its scalars are computed once.
    const known = new Map<number, Readonly<Record<string, number>>>();
    own.forEach((rate, g) => {
      const scalars = known.get(rate) ?? optimiser.scalars(firstStep + k, rate);
      known.set(rate, scalars);
      keys.forEach((key, i) => {
        feeds[i]![k * groups + g] = scalars[key]!;
      });
    });
  });
  const shape = [rates.length, ...(seeds === 1 ? [] : [seeds]), groups / seeds];
  return Object.fromEntries(keys.map((key, i) => [scalarName(key), tensorData(feeds[i]!, shape)]));
}

/** The input of a step that names its validation rows. */
export const VALIDATION_ROWS = 'rows/validation';

/**
 * Validation rows of consecutive steps, for all replicas, a function of (seed, step) alone.
 *
 * @param shape of the rows of one step, with the replica axis
 */
export function validationFeeds(
  rows: Int32Array,
  shape: readonly number[],
  seeds: readonly number[],
  firstStep: number,
  steps: number,
): Record<string, TensorData> {
  const size = shape.reduce((a, b) => a * b, 1) / seeds.length;
  const values = new Int32Array(steps * seeds.length * size);
  seeds.forEach((seed, s) => {
    const stream = new RowStream(rows, seed, 'validation');
    for (let k = 0; k < steps; k++) {
      const at = (k * seeds.length + s) * size;
      stream.fill(values.subarray(at, at + size), (firstStep + k) * size);
    }
  });
  return { [VALIDATION_ROWS]: tensorData(values, [steps, ...shape], 'int32') };
}
