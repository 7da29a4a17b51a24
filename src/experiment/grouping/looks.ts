import type { AffinityKind } from '../../diagnosis/index.ts';
import type { GradientObserverOptions, TrainingSetup } from '../../optimization/index.ts';
import type { AffinityOptions } from './affinity-method.ts';

type Looks = Omit<GradientObserverOptions, 'record'>;

/** What a look to the first order may take of the training that it looks at, and what one ahead may. */
const SHARE = { 'first-order': 0.04, 'look-ahead': 0.4 } as const;
/** What a look costs in steps whatever it computes: the way out of the loop and back. */
const OVERHEAD = 2;

/**
 * How often to look, and at how many tasks. In thirds of a step, which is one forward pass and two backward, gradients of S
 * tasks cost 1 + 2S on rows that all tasks share, and 3 where each task has rows of its own; a step ahead of S tasks S more.
 *
 * @param rows the training rows of each task, where they stand in blocks
 */
export function looksOf(
  kind: AffinityKind,
  { every = 'auto', sources = 'auto', rows: size = 'auto', rate = 'training' }: AffinityOptions,
  { graph, sampler, learningRate }: Pick<TrainingSetup, 'graph' | 'sampler' | 'learningRate'>,
  rows: readonly Int32Array[] | undefined,
): Looks {
  const tasks = graph.tasks.length;
  const looksAhead = kind === 'look-ahead';
  const block = size === 'auto' ? Math.max(LEAST_ROWS, Math.ceil(sampler.rowsPerStep / tasks)) : size;
  const larger = rows === undefined ? 1 : (block * tasks) / sampler.rowsPerStep;
  const costOf = (count: number): number =>
    OVERHEAD + (larger * ((rows === undefined ? 1 + 2 * count : 3) + (looksAhead ? count : 0))) / 3;
  const affordable = (): number => {
    if (!looksAhead || every === 'auto') return tasks;
    let count = tasks;
    while (count > 1 && costOf(count) > SHARE[kind] * every) count--;
    return count;
  };
  const taken = Math.min(tasks, sources === 'auto' ? affordable() : sources);
  return {
    every: every === 'auto' ? Math.ceil(costOf(taken) / SHARE[kind]) : every,
    sources: taken,
    looksAhead,
    rate: rate === 'training' ? learningRate : rate,
    ...(rows && { blocks: { rows, size: block } }),
  };
}

/** Rows of a task below which its gradient tells next to nothing. */
const LEAST_ROWS = 4;
