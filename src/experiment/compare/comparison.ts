import type { Interval, TaskTransfer, Transfer } from '../../diagnosis/index.ts';
import type { DataFacts } from '../result.ts';

/** A score over the seeds of a run, or over its folds. */
export interface MeanScore {
  readonly mean: number;
  /** Standard deviation; null where there is one seed. */
  readonly deviation: number | null;
}

/** Better and worse against the baseline, by the rules of a diagnosis. */
export type Standing = 'baseline' | 'better' | 'worse' | 'same' | 'mixed' | 'undecided';

export interface ComparedTask extends Omit<TaskTransfer, 'verdict'> {
  /** The primary metric on the test rows. */
  readonly score: MeanScore | null;
}

/** One run beside others; [task] axes in the order of the comparison's tasks. */
export interface ComparedRun {
  /** What tells it from the others: the last part of its path. */
  readonly name: string;
  readonly run: string;
  readonly sharing: string;
  readonly objective: string;
  readonly seeds: readonly number[];
  /** Seeds that it shares with the baseline, by which it is paired; with other seeds there is no interval. */
  readonly paired: readonly number[];
  /** By the names of `settings`; null where it has no such setting. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly standing: Standing;
  /** The mean Δ over tasks against the baseline; null for the baseline itself. */
  readonly delta: Interval | null;
  readonly conventions: Transfer['conventions'];
  readonly wins: number;
  readonly losses: number;
  readonly seesaw: Transfer['seesaw'];
  readonly tasks: readonly ComparedTask[];
  /** Mean rank over tasks among all runs; 1 is the best. */
  readonly meanRank: number | null;
  readonly parameters: number;
  readonly trainSeconds: number;
}

/** Finished runs of the same data, split and tasks, side by side. */
export interface Comparison {
  readonly version: 1;
  readonly polytask: string;
  readonly created: string;
  /** The name of the run that the others are compared with. */
  readonly baseline: string;
  readonly data: Pick<DataFacts, 'source' | 'fingerprint' | 'rows'> & { readonly folds?: number };
  readonly tasks: readonly {
    readonly name: string;
    readonly kind: string;
    readonly metric: string;
    readonly higherIsBetter: boolean;
  }[];
  /** Settings in which the runs differ. */
  readonly settings: readonly string[];
  readonly runs: readonly ComparedRun[];
  readonly intervalOver: Transfer['intervalOver'];
}
