import type { SpecInput } from '../common/options.ts';
import { RandomStream } from '../common/random.ts';
import { type Mediator, type Mediators, numbers, tensorData } from '../engine/index.ts';
import { chooseAggregation } from './aggregation/index.ts';

/** What the mediator of a step is told once. */
export interface AggregatorSettings {
  readonly aggregation: SpecInput;
  /** Their names. */
  readonly tasks: readonly string[];
  readonly seeds: readonly number[];
}

/** What it is asked at each step, and what it answers. */
export const GRAMIAN = 'aggregation/gramian';
export const LOSSES = 'aggregation/losses';
export const PRESENT = 'aggregation/present';
export const WEIGHTS = 'aggregation/weights';

interface Memory {
  readonly step: number;
  /** Of each replica. */
  readonly states: readonly unknown[];
}

/** Aggregates the gradients of each replica from their Gramian, on the host in double precision. */
function aggregator(settings: AggregatorSettings): Mediator {
  const { tasks: names, seeds } = settings;
  const tasks = names.length;
  const { aggregation, options } = chooseAggregation(settings.aggregation);
  const start: Memory = { step: 0, states: seeds.map(() => aggregation.init(tasks, options)) };
  return {
    state: start,
    answer(asked) {
      const { step, states } = this.state as Memory;
      const [gramians, losses, present] = [GRAMIAN, LOSSES, PRESENT].map((name) => numbers(asked[name]!));
      const weights = new Float32Array(seeds.length * tasks);
      const next = seeds.map((seed, s) => {
        const own = (values: readonly number[], size: number): number[] =>
          values.slice(s * size, (s + 1) * size);
        const found = aggregation.step(
          {
            names,
            gramian: Float64Array.from(own(gramians!, tasks * tasks)),
            losses: Float64Array.from(own(losses!, tasks)),
            present: own(present!, tasks).map((value) => value > 0),
            step,
            random: new RandomStream(seed, `aggregation/${step}`),
          },
          states[s],
          options,
        );
        weights.set(found.weights, s * tasks);
        return found.state;
      });
      this.state = { step: step + 1, states: next } satisfies Memory;
      const shape = seeds.length === 1 ? [tasks] : [seeds.length, tasks];
      return { [WEIGHTS]: tensorData(weights, shape) };
    },
  };
}

export const AGGREGATOR = 'aggregation';

/** What decides between the halves of a training step. */
export const MEDIATORS: Mediators = {
  [AGGREGATOR]: (settings) => aggregator(settings as AggregatorSettings),
};
