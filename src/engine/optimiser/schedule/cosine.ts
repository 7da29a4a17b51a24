import { checkOptions, count, requireOption, unit } from '../check.ts';
import { fixedSchedule, type Schedule } from './schedule.ts';

export interface CosineOptions {
  /** n, after how many steps the floor is reached. */
  readonly steps: number;
  /** a, the last multiplier; default 0. */
  readonly floor?: number;
}

/**
 * Half a cosine from the base rate down to a floor, where it stays.
 *
 * a + (1 − a)(1 + cos(π · min(s − 1, n)/n))/2.
 *
 * I. Loshchilov, F. Hutter: SGDR: Stochastic Gradient Descent with Warm Restarts. arXiv 1608.03983, 2017.
 *
 * @throws `schedule-invalid` for options out of range
 * @example const schedule = cosine({ steps: 1000, floor: 0.01 });
 */
export function cosine(options: CosineOptions): Schedule {
  requireOption('schedule-invalid', 'cosine', options, 'steps');
  checkOptions('schedule-invalid', 'cosine', options, { steps: count, floor: unit });
  const { steps, floor = 0 } = options;
  return fixedSchedule('cosine', (step) => {
    const progress = Math.min(step - 1, steps) / steps;
    return floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
  });
}
