import type { Interval } from './interval.ts';
import type { Overfitting } from './overfitting.ts';
import type { Quicker } from './quicker.ts';
import type { Effect, Verdict } from './verdict.ts';

/** Was it worth it, for one task? */
export interface TaskDiagnosis {
  readonly name: string;
  /** Means over seeds of the primary metric on the test rows. */
  readonly multi: number | null;
  readonly independent: number | null;
  /** Relative change in per cent, positive is better; null where it is undefined (see `relativeChange`). */
  readonly delta: Interval | null;
  readonly verdict: Exclude<Verdict, 'mixed'>;
  readonly effect: Effect;
  /** Whether helped or hurt stands once the number of tasks is accounted for. */
  readonly clear: boolean;
  /** Steps and seconds until the joint model first reached the best validation metric of the independent one. */
  readonly quicker: Quicker | null;
  readonly overfitting: { readonly multi: Overfitting | null; readonly independent: Overfitting | null };
}

/** Should these be one model? Numbers, a verdict, and the verdict in words. */
export interface Diagnosis {
  readonly verdict: Verdict;
  /** The mean of Δ over tasks; null where no task has one. */
  readonly delta: Interval | null;
  readonly tasks: readonly TaskDiagnosis[];
  /** What the intervals range over: seeds, resampled test rows where there is one seed, or none are known. */
  readonly intervalOver: 'seeds' | 'rows' | 'nothing';
  /** Tasks that are helped, and tasks that are hurt. */
  readonly wins: number;
  readonly losses: number;
  /** The joint model's share of what the independent ones need together: 0.5 is half; 1 where it is not known. */
  readonly smaller: { readonly parameters: number; readonly fileBytes: number; readonly latency: number };
  /** One paragraph of plain words, sentence by sentence. */
  readonly words: readonly string[];
}
