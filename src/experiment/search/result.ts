import type { Interval } from '../../diagnosis/index.ts';
import type { Limit } from './budget.ts';
import type { Settings } from './candidate.ts';

/** One model for several tasks or one a task: both search with the same budget. */
export type Side = 'together' | 'alone';

/** What best means: the mean over tasks, the task that is worst off, or one task by its name. */
export type ObjectiveOfChoice = 'mean' | 'worst' | (string & {});

/** A candidate that was trained, by what it reached on the validation rows. */
export interface LeaderboardEntry {
  readonly side: Side;
  readonly name: string;
  /** The race that it began in. */
  readonly stage: string;
  readonly settings: Settings;
  /** Tasks that are learned together, where they are not all. */
  readonly groups?: readonly (readonly string[])[];
  /** What the choice goes by, of each seed: 0 is the best constant, 1 is perfect; absent where it broke down. */
  readonly scores?: readonly number[];
  /** The mean of the scores. */
  readonly score: number | null;
  /** Validation metrics, mean over seeds, [task]. */
  readonly metrics?: readonly (number | null)[];
  readonly steps: number;
  readonly seconds: number;
  /** Whether its training came to its end by itself. */
  readonly finished: boolean;
  /** Why it broke down. */
  readonly failure?: string;
}

/** A model of what was chosen, and whom it serves. */
export interface ChosenPart {
  readonly side: Side;
  readonly name: string;
  readonly tasks: readonly string[];
}

/** What a search found: all that was tried, and what was chosen, on the validation rows alone. */
export interface SearchResult {
  readonly objective: ObjectiveOfChoice;
  readonly limit: Limit;
  /** The best of each side, by its name on the leaderboard; the joint one is what the run tells of. */
  readonly best: { readonly together: string; readonly alone?: string };
  /** Best first. */
  readonly leaderboard: readonly LeaderboardEntry[];
  readonly chosen: {
    readonly way: 'one model' | 'groups' | 'each alone' | 'parts';
    readonly parts: readonly ChosenPart[];
    /** Mean Δ over tasks against each task alone, on the test rows, in per cent; absent without a comparison. */
    readonly delta?: Interval | null;
    /** The same of each task. */
    readonly deltas?: Readonly<Record<string, Interval | null>>;
  };
  readonly words: readonly string[];
}
