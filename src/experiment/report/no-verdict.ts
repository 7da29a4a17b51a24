import type { RunResult } from '../result.ts';

/** Why a run came to no verdict, in a sentence. */
export function noVerdict({ multi, independent }: Pick<RunResult, 'multi' | 'independent'>): string {
  if (independent !== undefined) return 'The comparison with each task alone was not made.';
  if (multi.sharing === 'independent')
    return 'Each task was trained alone: what other runs are compared with.';
  if (multi.baselines !== undefined)
    return `Each task alone was trained for ${multi.objective} to weigh by what that reaches, and was not compared with.`;
  return 'Each task alone was not trained, so there is nothing to compare with.';
}
