import { checkOptions, count, positive, requireOption, share } from '../check.ts';
import { fixedSchedule, type Schedule } from './schedule.ts';

export interface OneCycleOptions {
  /** n, how many steps the cycle takes. */
  readonly steps: number;
  /** The share of the steps in which the rate rises, in (0, 1]; default 0.3. */
  readonly rise?: number;
  /** The first rate is the base rate divided by this; default 25. */
  readonly startDivisor?: number;
  /** The last rate is the first divided by this; default 10⁴. */
  readonly endDivisor?: number;
}

/**
 * A rise to the base rate and a longer fall far below the start, both along half a cosine.
 *
 * L. Smith, N. Topin: Super-Convergence. arXiv 1708.07120, 2018; in the form of `torch.optim.lr_scheduler.OneCycleLR`.
 *
 * @throws `schedule-invalid` for options out of range
 * @example const schedule = oneCycle({ steps: 1000 });
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  requireOption('schedule-invalid', 'one-cycle', options, 'steps');
  checkOptions('schedule-invalid', 'one-cycle', options, {
    steps: count,
    rise: share,
    startDivisor: positive,
    endDivisor: positive,
  });
  const { steps, rise = 0.3, startDivisor = 25, endDivisor = 1e4 } = options;
  const start = 1 / startDivisor;
  const end = start / endDivisor;
  const last = steps - 1;
  // A cycle too short to rise begins at its peak.
  const peak = Math.max(0, rise * steps - 1);
  return fixedSchedule('one-cycle', (step) => {
    const at = Math.min(step - 1, last);
    if (at < peak) return between(start, 1, at / peak);
    return last > peak ? between(1, end, (at - peak) / (last - peak)) : 1;
  });
}

function between(from: number, to: number, progress: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2;
}
