import { thinned } from '../experiment/report/view.ts';
import type { RunResult, TrialResult } from '../experiment/result.ts';

/** A result whose curves have at most so many points, evenly spaced and with the last: what pages can draw. */
export function thinResult(result: RunResult, points: number): RunResult {
  const thin = (trial: TrialResult): TrialResult => ({ ...trial, curve: thinned(trial.curve, points) });
  return {
    ...result,
    multi: thin(result.multi),
    ...(result.independent && { independent: thin(result.independent) }),
  };
}
