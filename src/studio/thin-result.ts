import { thinnedCurve } from '../experiment/report/view.ts';
import type { RunResult, TrialResult } from '../experiment/result.ts';

/** A result whose curves have about so many points, evenly spaced and with the last: what pages can draw. */
export function thinResult(result: RunResult, points: number): RunResult {
  const thin = (trial: TrialResult): TrialResult => ({
    ...trial,
    curve: thinnedCurve(trial.curve, points, (point) => point),
  });
  return {
    ...result,
    multi: thin(result.multi),
    ...(result.independent && { independent: thin(result.independent) }),
  };
}
