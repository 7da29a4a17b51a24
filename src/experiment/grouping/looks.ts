import type { AffinityKind } from '../../diagnosis/index.ts';
import type { GradientObserverOptions, TrainingSetup } from '../../optimization/index.ts';
import type { AffinityOptions } from './affinity-method.ts';

type Looks = Omit<GradientObserverOptions, 'record'>;
type Setup = Pick<
  TrainingSetup,
  'graph' | 'seeds' | 'sampler' | 'learningRate' | 'maxEpochs' | 'patience' | 'epochsPerEvaluation'
>;

/** Steps between two looks ahead, where rows belong to all tasks: those of the paper. */
const AHEAD_EVERY = 10;
/** What a look costs in steps of one replica whatever it computes, the way out of the loop and back: that of small networks. */
const OVERHEAD = 5;
/** What a forward pass with parameters of its own costs, in forward passes: products of matrices in batches are slower. */
const AHEAD = 1.5;
/** Tasks of the fewest that a look ahead takes where it may choose how often. */
const LEAST_AHEAD = 3;
/**
 * Of looks that are as frequent as they may be, later ones lie apart by this share of the steps so far: gradients tell
 * tasks apart while there is much to be learned, and are noise once there is not.
 */
const THINNING = 0.25;

/**
 * How often to look, at how many tasks and rows, so that it costs no more than it may. In thirds of a step, which is one
 * forward pass and two backward, gradients of S tasks cost 1 + 2S on rows that all tasks share, and 3 on as many rows that
 * are each task's own; a step ahead of S tasks S more, and somewhat more. A step trains all replicas, a look is at one.
 *
 * @param rows the training rows of each task, where they stand in blocks
 */
export function looksOf(
  kind: AffinityKind,
  { every = 'auto', sources = 'auto', rows: size = 'auto', rate = 'training', share = 1 }: AffinityOptions,
  setup: Setup,
  rows: readonly Int32Array[] | undefined,
): Looks {
  const { graph, seeds, sampler, learningRate } = setup;
  const tasks = graph.tasks.length;
  const looksAhead = kind === 'look-ahead';
  const block = size === 'auto' ? rowsOfATask(sampler.rowsPerStep, rows) : size;
  const larger = rows === undefined ? 1 : (block * tasks) / sampler.rowsPerStep;
  const costOf = (count: number): number => {
    const passes = (rows === undefined ? 1 + 2 * count : 3) + (looksAhead ? count * AHEAD : 0);
    return (OVERHEAD + (larger * passes) / 3) / seeds.length;
  };
  const least = Math.ceil(costOf(Math.min(tasks, LEAST_AHEAD)) / share);
  const spacing = every === 'auto' && looksAhead && rows === undefined ? Math.max(AHEAD_EVERY, least) : every;
  const affordable = (): number => {
    if (spacing === 'auto' || !looksAhead) return tasks;
    let count = tasks;
    while (count > 1 && costOf(count) > share * spacing) count--;
    return count;
  };
  const taken = Math.min(tasks, sources === 'auto' ? affordable() : sources);
  return {
    sources: taken,
    looksAhead,
    rate: rate === 'training' ? learningRate : rate,
    ...(rows && { blocks: { rows, size: block } }),
    ...(spacing === 'auto' ? asOftenAs(costOf(taken), share, setup) : { every: spacing }),
  };
}

/** As many rows of each task as a step has of all, if they have as many. */
function rowsOfATask(batch: number, rows: readonly Int32Array[] = []): number {
  const counts = rows.map(({ length }) => length).sort((a, b) => a - b);
  return Math.max(1, Math.min(batch, counts[counts.length >> 1] ?? batch));
}

/**
 * The most frequent looks that cost no more than they may in a training twice as long as the shortest, which is one that
 * runs out of patience at once.
 *
 * @param cost of a look, in steps
 */
function asOftenAs(
  cost: number,
  share: number,
  { sampler, maxEpochs, patience, epochsPerEvaluation }: Setup,
): Pick<Looks, 'every' | 'first' | 'thinning'> {
  const steps = sampler.stepsPerEpoch * Math.min(maxEpochs, 2 * (patience + 1) * epochsPerEvaluation);
  let every = 1;
  while (every < steps && countOf(every, steps) * cost > share * steps) every++;
  // Where few are had, none is spent on parameters that have learned nothing.
  const evaluation = sampler.stepsPerEpoch * epochsPerEvaluation;
  return { every, first: Math.min(every, evaluation, Math.floor(steps / 2)), thinning: THINNING };
}

/** How many looks there are before a step. */
function countOf(every: number, step: number): number {
  let count = 0;
  for (let at = 0; at < step; at += Math.max(every, Math.floor(THINNING * at))) count++;
  return count;
}
