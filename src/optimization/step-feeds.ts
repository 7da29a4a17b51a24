import { RandomStream } from '../common/random.ts';
import { type TensorData, tensorData } from '../engine/index.ts';
import type { EpochPlan } from './sampling/sampler.ts';

export interface ChunkOfSteps {
  /** First step of the chunk within the epoch. */
  readonly start: number;
  readonly steps: number;
  readonly rowsPerStep: number;
  /** Task weights of the objective. */
  readonly weights: Float64Array;
}

/** The rows and task weights of consecutive steps, for all replicas. */
export function stepFeeds(plans: readonly EpochPlan[], chunk: ChunkOfSteps): Record<string, TensorData> {
  const { start, steps, rowsPerStep, weights } = chunk;
  const rows = new Int32Array(steps * plans.length * rowsPerStep);
  const taskWeights = new Float32Array(steps * plans.length * weights.length);
  for (let k = 0; k < steps; k++) {
    plans.forEach((plan, s) => {
      const from = (start + k) * rowsPerStep;
      const replica = k * plans.length + s;
      rows.set(plan.rows.subarray(from, from + rowsPerStep), replica * rowsPerStep);
      const active = plan.active?.[start + k];
      weights.forEach((weight, t) => {
        taskWeights[replica * weights.length + t] = active === undefined || active === t ? weight : 0;
      });
    });
  }
  const lead = plans.length === 1 ? [] : [plans.length];
  return {
    rows: tensorData(rows, [steps, ...lead, rowsPerStep], 'int32'),
    'task-weights': tensorData(taskWeights, [steps, ...lead, weights.length]),
  };
}

/** Two random words for each step and replica, a function of (seed, step) alone. */
export function dropoutKeys(seeds: readonly number[], firstStep: number, steps: number): Record<string, TensorData> {
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
