import { describeModel } from '../../model/index.ts';
import { modelSpec } from '../trial.ts';
import type { Limit } from './budget.ts';
import type { Lane } from './contestant.ts';
import { rungsOf } from './race.ts';

/** Steps that each contestant should have in a rung, and seconds that it takes to begin with them. */
const LEAST_STEPS = 250;
const START_SECONDS = 0.5;
/** Small networks are bound by the number of their kernels: one of so many times the FLOPs takes as long. */
const OVERHEAD = 4;

/** Seconds that a step has taken, of a candidate whose steps have so many FLOPs. */
export interface Pace {
  readonly seconds: number;
  readonly flops: number;
}

/** FLOPs of a step, forward, for one seed: all groups of tasks together. */
export function flopsOf(lanes: readonly Lane[]): number {
  return lanes.reduce(
    (sum, { trial }) =>
      sum + describeModel(modelSpec(trial), trial.prepared.signature).flops * trial.config.training.batchSize,
    0,
  );
}

/** What a candidate must at least be given in a rung to be worth its start. */
export function leastOf(flops: number, pace: Pace, { unit }: Limit): number {
  if (unit === 'steps') return LEAST_STEPS;
  return START_SECONDS + LEAST_STEPS * pace.seconds * Math.max(1, flops / pace.flops / OVERHEAD);
}

/**
 * The candidates that some budget is enough for, in their order: the first ones, two in any case, without those that cost far
 * more than the first and would take half of the budget for their least part.
 *
 * @param least what each needs at least in a rung, [candidate]
 * @returns positions
 */
export function affordable(least: readonly number[], budget: number): number[] {
  const able = least.flatMap((own, i) => (own <= Math.max(budget / 2, 2 * least[0]!) ? [i] : []));
  let [count, sum] = [0, 0];
  for (const i of able) {
    sum += least[i]!;
    if (count >= 2 && sum * rungsOf(count + 1) > budget) break;
    count++;
  }
  return able.slice(0, count);
}
