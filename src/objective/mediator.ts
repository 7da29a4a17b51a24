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
/** J₁J₂ᵀ of two batches, where a method asks for several. */
export const CROSS = 'aggregation/cross';
export const LOSSES = 'aggregation/losses';
export const PRESENT = 'aggregation/present';
export const WEIGHTS = 'aggregation/weights';

interface Memory {
  readonly step: number;
  /** Of each group of parameters in each replica, replica-major; none before the first answer. */
  readonly states: readonly unknown[];
}

/** Aggregates the gradients of each replica from their Gramian, on the host in double precision. */
function aggregator(settings: AggregatorSettings): Mediator {
  const { tasks: names, seeds } = settings;
  const tasks = names.length;
  const { aggregation, options } = chooseAggregation(settings.aggregation);
  const start: Memory = { step: 0, states: [] };
  const own = (values: readonly number[], place: number, size: number): Float64Array =>
    Float64Array.from(values.slice(place * size, (place + 1) * size));
  return {
    state: start,
    answer(asked) {
      const { step, states } = this.state as Memory;
      const { shape } = asked[GRAMIAN]!;
      const [gramians, losses, present] = [GRAMIAN, LOSSES, PRESENT].map((name) => numbers(asked[name]!));
      const cross = asked[CROSS] && numbers(asked[CROSS]);
      const groups = gramians!.length / (seeds.length * tasks * tasks);
      const weights = new Float32Array(seeds.length * groups * tasks);
      const next = Array.from({ length: seeds.length * groups }, (_, place) => {
        const [replica, group] = [Math.floor(place / groups), place % groups];
        const found = aggregation.step(
          {
            names,
            gramian: own(gramians!, place, tasks * tasks),
            ...(cross && { cross: own(cross, place, tasks * tasks) }),
            losses: own(losses!, replica, tasks),
            present: Array.from(own(present!, replica, tasks), (value) => value > 0),
            step,
            random: new RandomStream(seeds[replica]!, `aggregation/${step}${group > 0 ? `/${group}` : ''}`),
          },
          states[place] ?? aggregation.init(tasks, options),
          options,
        );
        weights.set(found.weights, place * tasks);
        return found.state;
      });
      this.state = { step: step + 1, states: next } satisfies Memory;
      return { [WEIGHTS]: tensorData(weights, shape.slice(0, -1) as number[]) };
    },
    ahead(most) {
      const { step, states } = this.state as Memory;
      const each = seeds.map((_, s) =>
        aggregation.ahead?.(step, states[s] ?? aggregation.init(tasks, options), options),
      );
      if (!each.every((held) => held !== undefined)) return undefined;
      const steps = Math.min(most, ...each.map((held) => held.steps));
      this.state = { step: step + steps, states } satisfies Memory;
      const weights = each.flatMap((held) => [...held.weights]);
      const shape = seeds.length === 1 ? [tasks] : [seeds.length, tasks];
      return { steps, answers: { [WEIGHTS]: tensorData(weights, shape) } };
    },
  };
}

export const AGGREGATOR = 'aggregation';

/** What decides between the halves of a training step. */
export const MEDIATORS: Mediators = {
  [AGGREGATOR]: (settings) => aggregator(settings as AggregatorSettings),
};
