import { checkOptions, fraction, nonNegative, oneOf, unit, wholeNumber } from '../check.ts';
import type { Schedule, ScheduleState } from './schedule.ts';

export interface PlateauOptions {
  /** What a reduction multiplies the rate by, in [0, 1); default 0.1. */
  readonly factor?: number;
  /** How many validations without improvement are borne; default 10. */
  readonly patience?: number;
  /** The share of the best value by which a better one must differ; default 1e-4. */
  readonly threshold?: number;
  /** How many validations after a reduction are not counted; default 0. */
  readonly cooldown?: number;
  /** The least multiplier; default 0. */
  readonly floor?: number;
  /** Whether a lower or a higher value is better; default `min`. */
  readonly goal?: 'min' | 'max';
}

/**
 * Reduces the rate when a validation result has stopped improving; in the form of
 * `torch.optim.lr_scheduler.ReduceLROnPlateau` with a relative threshold.
 *
 * A value that is not finite counts as no improvement.
 *
 * @throws `schedule-invalid` for options out of range
 * @example
 * const schedule = plateau({ factor: 0.5, patience: 3 });
 * const state = schedule.observe(schedule.initial, validationLoss);
 * const rate = 1e-3 * schedule.multiplier(step, state);
 */
export function plateau(options: PlateauOptions = {}): Schedule {
  checkOptions('schedule-invalid', 'plateau', options, {
    factor: fraction,
    patience: wholeNumber,
    threshold: nonNegative,
    cooldown: wholeNumber,
    floor: unit,
    goal: oneOf(['min', 'max']),
  });
  const { factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, floor = 0, goal = 'min' } = options;
  const sign = goal === 'min' ? 1 : -1;
  const improves = (value: number, best: number | null): boolean =>
    best === null || sign * (best - value) > threshold * Math.abs(best);
  return {
    name: 'plateau',
    initial: { best: null, bad: 0, cooling: 0, multiplier: 1 },
    multiplier: (_, state) => state.multiplier ?? 1,
    observe: (state, value) => {
      const { best = null, bad, cooling, multiplier } = state;
      const better = Number.isFinite(value) && improves(value, best);
      const cooled = Math.max(0, (cooling ?? 0) - 1);
      const waited = better || (cooling ?? 0) > 0 ? 0 : (bad ?? 0) + 1;
      const reduce = waited > patience;
      return {
        // JSON has no −0: what is saved must be what goes on.
        best: better ? value + 0 : best,
        bad: reduce ? 0 : waited,
        cooling: reduce ? cooldown : cooled,
        multiplier: reduce ? Math.max(floor, (multiplier ?? 1) * factor) : (multiplier ?? 1),
      } satisfies ScheduleState;
    },
  };
}
