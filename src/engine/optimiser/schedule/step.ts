import { checkOptions, count, requireOption, share } from '../check.ts';
import { fixedSchedule, type Schedule } from './schedule.ts';

export interface StepOptions {
  /** n, how many steps lie between two drops. */
  readonly every: number;
  /** γ, what a drop multiplies the rate by, in (0, 1]; default 0.1. */
  readonly factor?: number;
}

/**
 * A staircase: γ^⌊(s − 1)/n⌋.
 *
 * @throws `schedule-invalid` for options out of range
 * @example const schedule = step({ every: 1000, factor: 0.5 });
 */
export function step(options: StepOptions): Schedule {
  requireOption('schedule-invalid', 'step', options, 'every');
  checkOptions('schedule-invalid', 'step', options, { every: count, factor: share });
  const { every, factor = 0.1 } = options;
  return fixedSchedule('step', (at) => factor ** Math.floor((at - 1) / every));
}
