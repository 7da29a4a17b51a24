import { checkOptions } from '../check.ts';
import { fixedSchedule, type Schedule } from './schedule.ts';

export type ConstantOptions = Record<never, never>;

/** The base rate throughout: 1. */
export function constant(options: ConstantOptions = {}): Schedule {
  checkOptions('schedule-invalid', 'constant', options, {});
  return fixedSchedule('constant', () => 1);
}
