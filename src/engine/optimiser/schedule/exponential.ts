import { checkOptions, requireOption, share } from '../check.ts';
import { fixedSchedule, type Schedule } from './schedule.ts';

export interface ExponentialOptions {
  /** γ, what each step multiplies the rate by, in (0, 1]. */
  readonly factor: number;
}

/**
 * A steady decay: γ^(s − 1).
 *
 * @throws `schedule-invalid` for options out of range
 * @example const schedule = exponential({ factor: 0.999 });
 */
export function exponential(options: ExponentialOptions): Schedule {
  requireOption('schedule-invalid', 'exponential', options, 'factor');
  checkOptions('schedule-invalid', 'exponential', options, { factor: share });
  const { factor } = options;
  return fixedSchedule('exponential', (step) => factor ** (step - 1));
}
