import { integer, number, type Options, wordOr } from '../common/options.ts';
import {
  constant,
  greater,
  maximum,
  minimum,
  mul,
  reshape,
  stopGradient,
  type Tensor,
  where,
} from '../engine/index.ts';
import type { LossWeighting, ReplicaTask, TaskFacts, WeightingContext, Weights } from './loss-weighting.ts';

/** What every weighting may be given besides its own options. */
export interface Bounds {
  readonly min: number;
  readonly max: 'none' | number;
  readonly warmup: number;
}

export const BOUNDS: Options<Bounds> = {
  min: number({ default: 0, about: 'No task that is in the batch weighs less.' }),
  max: wordOr(['none'], number({ default: 0, about: '' }), {
    default: 'none',
    about: 'No task weighs more.',
  }),
  warmup: integer({ default: 0, about: 'Epochs in which every weight is 1, before the weighting begins.' }),
};

/** A weighting with all of its options, ready to build; as plain data it is { name, …options }. */
export interface ChosenWeighting {
  readonly weighting: LossWeighting;
  readonly options: Bounds;
}

/** The part of a step's objective that comes from the losses. */
export interface Weighed {
  /** wₜLₜ with wₜ held fast, [...lead, T]: what the model descends. A term depends on θ through its own loss alone. */
  readonly terms: Tensor;
  /** wₜ, [...lead, T], exactly 0 where a task is absent. */
  readonly weights: Tensor;
  /** What the weighting's own parameters descend, [...lead]; nothing else depends on them. */
  readonly learns?: Tensor;
}

/** 0 in the epochs of warm-up, 1 from then on. */
const STARTED = 'started';

/**
 * Weighs the losses of a step: wₜ = min(max(method's wₜ, min), max) · user's weight, 1 · user's weight in warm-up, and 0
 * where the task is absent. In warm-up neither the state nor the parameters of the method move.
 *
 * @param context with the losses as they depend on θ
 */
export function weigh({ weighting, options }: ChosenWeighting, context: WeightingContext): Weighed {
  const { losses, present, tasks } = context;
  weighting.check?.(
    options,
    tasks.map(({ name }) => name),
  );
  const started = options.warmup > 0 ? greater(context.epochInput(STARTED, 1), 0) : undefined;
  const inner = { ...context, losses: stopGradient(losses), ...(started && held(context, started)) };
  const found = weighting.weigh(inner, options);
  const weights = stopGradient(mul(bounded(found, options, present, started), userWeights(tasks, losses)));
  const learns = found.learns && started ? whereStarted(started, found.learns) : found.learns;
  return { terms: mul(weights, losses), weights, ...(learns && { learns }) };
}

/** What all epoch inputs of a weighting are in the next epoch, for one replica; see `LossWeighting.epochInputs`. */
export function epochInputs(
  { weighting, options }: ChosenWeighting,
  history: readonly (readonly number[])[],
  tasks: readonly ReplicaTask[],
): Readonly<Record<string, readonly number[]>> {
  return {
    ...weighting.epochInputs?.(history, options, tasks),
    ...(options.warmup > 0 && { [STARTED]: [Number(history.length >= options.warmup)] }),
  };
}

function bounded(
  { weights }: Weights,
  { min, max }: Bounds,
  present: Tensor,
  started: Tensor | undefined,
): Tensor {
  const raised = maximum(weights, min);
  const capped = max === 'none' ? raised : minimum(raised, max);
  const among = where(greater(present, 0), capped, 0);
  return started === undefined ? among : where(started, among, present);
}

function userWeights(tasks: readonly TaskFacts[], { dtype }: Tensor): Tensor | number {
  const values = tasks.map(({ weight = 1 }) => weight);
  return values.every((value) => value === 1) ? 1 : constant(values, { dtype });
}

/** State that stays as it is until the weighting has started. */
function held(context: WeightingContext, started: Tensor): Pick<WeightingContext, 'state' | 'next'> {
  const carried = new Map<string, Tensor>();
  return {
    state: (name, initial) => {
      const value = context.state(name, initial);
      carried.set(name, value);
      return value;
    },
    next: (name, value) => context.next(name, where(started, value, carried.get(name)!)),
  };
}

function whereStarted(started: Tensor, learns: Tensor): Tensor {
  return where(reshape(started, learns.shape), learns, 0);
}
