import type { Interval, PairOfWays } from '../diagnosis/index.ts';
import type { Facts } from '../experiment/compare/common-ground.ts';
import type { Comparison } from '../experiment/compare/comparison.ts';
import type { ShownModel } from './shown-models.ts';

/** Runs of `fit` side by side. */
export interface ComparedFits {
  readonly comparison: Comparison;
  /** Their ids, in the order of the comparison's runs. */
  readonly ids: readonly string[];
  /** What sharing brought in each run, against its own models of each task alone; null where it trained none. */
  readonly own: readonly (OwnGain | null)[];
  /** Every run against every other, [of][against]. */
  readonly pairs: readonly (readonly PairOfWays[])[];
}

export interface OwnGain {
  /** The mean Δ over tasks in per cent. */
  readonly delta: Interval;
  readonly tasks: readonly (Interval | null)[];
}

/** What a page that compares is told of runs of one ground. */
export interface ComparedRuns extends Facts {
  /** Where there are two runs of `fit` at least. */
  readonly fits?: ComparedFits;
  /** Whatever the runs learned. */
  readonly models: readonly ShownModel[];
}

/** Runs of the most that are compared at once. */
export const MOST_COMPARED = 60;
