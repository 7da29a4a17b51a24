import { checkOptions, count, requireOption, unit } from '../check.ts';
import type { Schedule } from './schedule.ts';

export interface WarmupOptions {
  /** w, how many steps the rise takes. */
  readonly steps: number;
  /** a, where it starts, as a share of the schedule's first rate; default 0. */
  readonly from?: number;
}

/**
 * A linear rise in front of another schedule, which begins at its own first step when the rise is over.
 *
 * (a + (1 − a) · s/w) · f(1) for s ≤ w, then f(s − w).
 *
 * P. Goyal et al.: Accurate, Large Minibatch SGD. arXiv 1706.02677, 2017.
 *
 * @throws `schedule-invalid` for options out of range
 * @example const schedule = withWarmup({ steps: 100 }, cosine({ steps: 1000 }));
 */
export function withWarmup(options: WarmupOptions, then: Schedule): Schedule {
  requireOption('schedule-invalid', 'warmup', options, 'steps');
  checkOptions('schedule-invalid', 'warmup', options, { steps: count, from: unit });
  const { steps, from = 0 } = options;
  return {
    name: `${then.name} after warm-up`,
    initial: then.initial,
    observe: then.observe,
    multiplier: (step, state) =>
      step <= steps
        ? (from + ((1 - from) * step) / steps) * then.multiplier(1, state)
        : then.multiplier(step - steps, state),
  };
}
