import type { FittedCalibration } from '../problem/index.ts';

/** How good a model was at a task on rows that it never saw. */
export interface CardMetric {
  readonly task: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** On the test rows; null where it is undefined. */
  readonly value: number | null;
  /** What the best constant of the training labels reaches. */
  readonly constant: number | null;
  /** What a model of this task alone reaches, the mean over seeds, where there was one. */
  readonly alone?: number | null;
  readonly labelled: { readonly train: number; readonly validation: number; readonly test: number };
}

/** Where a model comes from. */
export interface Provenance {
  readonly data: {
    readonly source: string;
    readonly fingerprint: string;
    readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  };
  readonly seeds: readonly number[];
  /** All settings of the training run. */
  readonly config: unknown;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * How far predictions mean what they say. It is fitted on the very rows that it is measured on, and these rows have chosen the
 * model's state: on new rows a temperature gains a little less, and an interval holds the truth a little less often.
 */
export interface CardCalibration {
  /** The validation rows of the run, or labelled rows of whoever exported it. */
  readonly rows: { readonly from: 'validation' | 'data'; readonly count: number };
  /** Tasks whose kind has one; of a long model one entry, for the rows of all tasks. */
  readonly tasks: readonly (FittedCalibration & { readonly task: string })[];
}

/** What storing weights in fewer bits does to a task. */
export interface PrecisionLoss {
  readonly task: string;
  /** Of the task's outputs, in their units, over all rows. */
  readonly largestDifference: number;
  /** Where rows had labels. */
  readonly metric?: string;
  readonly before?: number | null;
  readonly after?: number | null;
  /** How many rows had labels. */
  readonly rows?: number;
}

/** In how many bits weights are stored, and what was measured of it. */
export interface StoredPrecision {
  readonly kind: 'float16' | 'int8';
  /** Of the graphs. */
  readonly bytes: { readonly before: number; readonly after: number };
  /** The validation rows of the run, labelled rows of whoever exported it, or random rows without labels. */
  readonly rows: { readonly from: 'validation' | 'data' | 'random'; readonly count: number };
  readonly tasks: readonly PrecisionLoss[];
}

/**
 * What those want to know who are to trust a model: `card.json`.
 *
 * M. Mitchell et al.: Model Cards for Model Reporting. FAT* 2019.
 */
export interface ModelCard {
  readonly metrics: readonly CardMetric[];
  readonly provenance: Provenance;
  readonly calibration?: CardCalibration;
  /** Where weights are stored in fewer bits than they were trained in. */
  readonly precision?: StoredPrecision;
}
