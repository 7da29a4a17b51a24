import type { Interval } from './interval.ts';

export type Verdict = 'share' | 'separate' | 'mixed' | 'undecided';

/** Was it worth it, for one task? */
export interface TaskDiagnosis {
  readonly name: string;
  /** Means over seeds of the primary metric on the test rows. */
  readonly multi: number | null;
  readonly independent: number | null;
  /** Relative change in per cent, positive is better. */
  readonly delta: Interval;
  readonly verdict: Exclude<Verdict, 'mixed'>;
  /** Steps and seconds until the joint model first reached the best validation metric of the independent one. */
  readonly quicker: {
    readonly steps: { readonly multi: number | null; readonly independent: number };
    readonly seconds: { readonly multi: number | null; readonly independent: number };
  } | null;
}

/** Should these be one model? Numbers, a verdict, and the verdict in words. */
export interface Diagnosis {
  readonly verdict: Verdict;
  readonly delta: Interval;
  readonly tasks: readonly TaskDiagnosis[];
  /** What the intervals range over: seeds, or resampled test rows where there is one seed. */
  readonly intervalOver: 'seeds' | 'rows';
  readonly wins: number;
  readonly losses: number;
  readonly smaller: { readonly parameters: number; readonly fileBytes: number; readonly latency: number };
  /** One paragraph of plain words, sentence by sentence. */
  readonly words: readonly string[];
}
