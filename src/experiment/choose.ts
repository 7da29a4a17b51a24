import type { Judged } from './judge.ts';
import { exceedsError } from './search/choice.ts';

type Candidate = Pick<Judged, 'scores' | 'seeds' | 'fair'>;

/**
 * Which way is exported, and which of its seeds: judged on the validation rows alone, so that the test rows stay
 * untouched. The joint model is one and smaller; separate ones replace it where they score better by more than the
 * seeds scatter (the standard error of the paired differences), fairly held against it (`fairMetrics`).
 */
export function chooseBest<T extends Candidate>(multi: T, independent?: T): { trained: T; seed: number } {
  const trained = independent !== undefined && clearlyBetter(independent, multi) ? independent : multi;
  const top = trained.scores.indexOf(Math.max(...trained.scores));
  return { trained, seed: trained.seeds[Math.max(0, top)]! };
}

function clearlyBetter(one: Candidate, other: Candidate): boolean {
  return exceedsError((one.fair ?? one.scores).map((score, seed) => score - other.scores[seed]!));
}
