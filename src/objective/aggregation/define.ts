import type { RandomStream } from '../../common/random.ts';
import { submatrix, sumOf } from '../solvers/index.ts';
import type { Aggregation, AggregationInput } from './aggregation.ts';

/** The tasks that take part in a step, K of them, and what is known of these alone. */
export interface Batch {
  readonly size: number;
  /** Their places among all tasks, [K]. */
  readonly tasks: readonly number[];
  readonly gramian: Float64Array;
  /** J₁J₂ᵀ, or JJᵀ where there is one batch only. */
  readonly cross: Float64Array;
  readonly losses: Float64Array;
  /** How much each counts; sums to 1. */
  readonly preference: Float64Array;
  readonly step: number;
  readonly random: RandomStream;
}

type Method<O extends object, S> = Omit<Aggregation<O, S>, 'step'> & {
  /** Weights of the tasks that take part, [K]. The state is about all tasks. */
  weigh(batch: Batch, state: S, options: O): { readonly weights: Float64Array; readonly state: S };
};

/**
 * An aggregation from what it does with the tasks that take part. Where a number is not finite all of them get weight 1:
 * the step then shows what diverged.
 */
export function aggregation<O extends object, S>({ weigh, ...method }: Method<O, S>): Aggregation<O, S> {
  return {
    ...method,
    step: (input, state, options) => {
      const batch = batchOf(input);
      const found =
        batch.size > 0 && allFinite(batch)
          ? weigh(batch, state, options)
          : { weights: new Float64Array(batch.size).fill(1), state };
      const weights = new Float64Array(input.present.length);
      batch.tasks.forEach((task, i) => {
        weights[task] = found.weights[i]!;
      });
      return { weights, state: found.state };
    },
  };
}

/** An aggregation that remembers nothing. */
export function stateless<O extends object>({
  weigh,
  ...method
}: Omit<Method<O, null>, 'weigh' | 'init'> & {
  weigh(batch: Batch, options: O): Float64Array;
}): Aggregation<O, null> {
  return aggregation<O, null>({
    ...method,
    init: () => null,
    weigh: (batch, state, options) => ({ weights: weigh(batch, options), state }),
  });
}

/** The step of what works inside the graph alone. */
export const equalStep: Pick<Aggregation<object, null>, 'init' | 'step'> = {
  init: () => null,
  step: ({ present }, state) => ({ weights: Float64Array.from(present, Number), state }),
};

function batchOf({ gramian, cross, losses, present, preference, step, random }: AggregationInput): Batch {
  const total = present.length;
  const tasks: number[] = [];
  for (let task = 0; task < total; task++) if (present[task]) tasks.push(task);
  const size = tasks.length;
  if (size === total)
    return {
      size,
      tasks,
      gramian,
      cross: cross ?? gramian,
      losses,
      preference: distribution(preference ?? new Float64Array(size)),
      step,
      random,
    };
  const list = (values: Float64Array): Float64Array => Float64Array.from(tasks, (task) => values[task]!);
  const of = submatrix(gramian, total, tasks);
  return {
    size,
    tasks,
    gramian: of,
    cross: cross === undefined ? of : submatrix(cross, total, tasks),
    losses: list(losses),
    preference: distribution(preference === undefined ? new Float64Array(size) : list(preference)),
    step,
    random,
  };
}

function distribution(values: Float64Array): Float64Array {
  const total = sumOf(values);
  return values.map((value) => (total > 0 ? value / total : 1 / values.length));
}

function allFinite({ gramian, cross, losses }: Batch): boolean {
  // A sum is finite only where its parts are.
  return Number.isFinite(sumOf(gramian) + sumOf(cross) + sumOf(losses));
}
