import { integer, number, type Options, wordOr } from '../../common/options.ts';
import { type Preferring, preferenceOption, preferences } from '../weighting/preference.ts';
import { type Aggregation, type AggregationInput, anyAggregation } from './aggregation.ts';

/** An aggregation with all of its options, ready to use; as plain data it is { name, …options }. */
export interface ChosenAggregation {
  readonly aggregation: Aggregation;
  readonly options: object;
}

/** What goes with any aggregation that gives weights. */
export interface Composition {
  readonly warmup: number;
  readonly every: number;
  readonly min: number | 'none';
  readonly max: number | 'none';
}

interface ComposedState {
  readonly inner: unknown;
  readonly tasks: number;
  /** The last weights of all tasks, null where not known; empty where none are kept. */
  readonly kept: readonly (number | null)[];
}

const BOUND = number({ default: 0, about: '' });

/** The options that go with any aggregation that gives weights. */
export const COMPOSITION: Options<Composition> = {
  warmup: integer({ default: 0, about: 'Steps at the start in which every weight is 1.' }),
  every: integer({ min: 1, default: 1, about: 'Steps for which weights are kept.' }),
  min: wordOr(['none'], BOUND, { default: 'none', about: 'No task that is in the batch weighs less.' }),
  max: wordOr(['none'], BOUND, { default: 'none', about: 'No task weighs more.' }),
};

/**
 * An aggregation with a warm-up of equal weights, weights that are kept for some steps, and bounds on weights; and with
 * preferences where it `prefers`. Options that it has itself stay its own; one that gives a direction rather than weights
 * stays as it is.
 */
export function composed<O extends object, S>(method: Aggregation<O, S>): Aggregation {
  const inner = anyAggregation(method);
  if (inner.direction !== undefined) return inner;
  const keeps = 'every' in inner.options;
  const outer: Aggregation<Composition, ComposedState> = {
    ...inner,
    options: { ...COMPOSITION, ...(inner.prefers && { preference: preferenceOption }), ...inner.options },
    check: (options, tasks) => {
      preferred(options, tasks);
      inner.check?.(options, tasks);
    },
    init: (tasks, options) => ({ inner: inner.init(tasks, options), tasks, kept: [] }),
    step: (input, state, options) => {
      const { present, step } = input;
      if (step < options.warmup) return { weights: Float64Array.from(present, Number), state };
      const every = keeps ? 1 : options.every;
      const known = present.every((here, task) => !here || typeof state.kept[task] === 'number');
      if (step % every !== 0 && known)
        return {
          weights: Float64Array.from(present, (here, task) => (here ? state.kept[task]! : 0)),
          state,
        };
      const found = inner.step({ ...input, ...preferred(options, input.names) }, state.inner, options);
      const weights = found.weights.map((weight, task) => (present[task] ? within(weight, options) : 0));
      const kept = present.map((here, task) => (here ? weights[task]! : (state.kept[task] ?? null)));
      return { weights, state: { ...state, inner: found.state, kept: every === 1 ? [] : kept } };
    },
    // What looks at every gradient on its way has no step in which it may look away.
    ...(inner.transform === undefined && {
      ahead: (step, { tasks, kept }, { warmup, every }) => {
        if (step < warmup) return { steps: warmup - step, weights: new Array<number>(tasks).fill(1) };
        const phase = keeps ? 0 : step % every;
        const known = kept.every((weight) => weight !== null);
        if (phase === 0 || kept.length === 0 || !known) return undefined;
        return { steps: every - phase, weights: kept as readonly number[] };
      },
    }),
  };
  return anyAggregation(outer);
}

/** What the options say of how much each task counts. */
function preferred(options: object, names: readonly string[]): Pick<AggregationInput, 'preference'> {
  const { preference = 'equal' } = options as Partial<Preferring>;
  return preference === 'equal' ? {} : { preference: Float64Array.from(preferences({ preference }, names)) };
}

function within(weight: number, { min, max }: Composition): number {
  const high = max === 'none' ? weight : Math.min(weight, max);
  return min === 'none' ? high : Math.max(high, min);
}
