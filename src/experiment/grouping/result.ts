import type { AffinityJSON, AffinityKind } from '../../diagnosis/index.ts';

/** What groups are chosen by: what tasks gain from each other, or how their gradients agree. */
export type GroupMeasure = 'affinity' | 'cosine';

/** How tasks are to be grouped. */
export interface GroupingChoice {
  /** Groups at most; default: what is proposed for any number, and for 2, 3 and 4. */
  readonly most?: number | undefined;
  /** Whether a task may help in several groups, of which one serves it (default). */
  readonly overlap?: boolean | undefined;
  readonly by?: GroupMeasure | undefined;
}

/** Groups that an affinity proposes. */
export interface ProposedGrouping {
  /** Groups at most that were asked for; any: as many as the gains ask for. */
  readonly most: number | 'any';
  /** Names of tasks. */
  readonly groups: readonly (readonly string[])[];
  /** [task], the group that serves it. */
  readonly servedBy: readonly number[];
  /** [task], the mean of what it gains from the others of that group; the sum for any number of groups. */
  readonly scores: readonly number[];
  readonly mean: number;
  /** Whether it is proven that no other choice of so many groups has a higher mean. */
  readonly exact: boolean;
}

/** What tasks gain from each other, as one training measured it, and the groups that this proposes. */
export interface AffinityResult {
  /** The run folder. */
  readonly run: string;
  readonly tasks: readonly string[];
  /** How often the training was looked at. */
  readonly looks: number;
  readonly affinity: { readonly kind: AffinityKind; readonly values: AffinityJSON };
  readonly cosine: AffinityJSON;
  readonly groupings: readonly ProposedGrouping[];
}

/** A group of tasks that was trained. */
export interface VerifiedGroup {
  readonly tasks: readonly string[];
  /** [task of the group], the score that the affinity predicts. */
  readonly predicted: readonly (number | null)[];
  /** [task of the group], Δ in per cent against the task alone, on the validation rows, the mean over seeds. */
  readonly gains: readonly (number | null)[];
}

/** A grouping of which each group was trained; each task is served by its group. */
export interface VerifiedGrouping extends ProposedGrouping {
  /** [task], Δ in per cent against the task alone, on the validation rows, the mean over seeds. */
  readonly gains: readonly (number | null)[];
  /** The mean of them. */
  readonly gain: number | null;
}

/** What groups are worth: predicted by an affinity, and found by training them. */
export interface Verification {
  /** All groups that were trained, that of all tasks among them. */
  readonly groups: readonly VerifiedGroup[];
  readonly groupings: readonly VerifiedGrouping[];
  /** Spearman's ρ of predicted scores and gains over all tasks of all groups. */
  readonly correlation: number | null;
  /** The highest mean gain on the validation rows: a grouping by its place, one model for all tasks, or each task alone. */
  readonly best: number | 'together' | 'alone';
  /** Of the best: primary metric on the test rows [seed][task], and Δ in per cent against each task alone, [task]. */
  readonly test: {
    readonly scores: readonly (readonly (number | null)[])[];
    readonly gains: readonly (number | null)[];
    readonly gain: number | null;
  };
  /** Seconds of training. */
  readonly seconds: number;
}

/** The groups of a run; written to `groups/groups.json` where they were verified. */
export interface GroupResult {
  readonly version: 1;
  readonly run: string;
  readonly tasks: readonly string[];
  readonly by: GroupMeasure;
  readonly groupings: readonly ProposedGrouping[];
  readonly verification?: Verification;
}
