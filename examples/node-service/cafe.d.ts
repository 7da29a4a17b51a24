// What a model of Polytask 0.1.0 takes and predicts: written by "polytask types".
import type { Predictions, Task } from 'polytask';

/** A row: columns and their values. */
export type ModelRow = {
  /** Typical: Fri. */
  readonly weekday: 'Fri' | 'Sun' | 'Wed' | 'Mon' | 'Tue' | 'Sat' | 'Thu' | (string & {});
  /** In training -3.7 to 27.7. Typical: 13.1. */
  readonly temperature: number;
  /** Typical: false. */
  readonly event: boolean;
};

/** The tasks, each with what is predicted. */
export type ModelTasks = {
  /** A regression task. */
  readonly cups: Task<{
    readonly value: number;
  }>;
  /** A binary task. */
  readonly queue: Task<{
    /** of true */
    readonly probability: number;
    readonly label: boolean;
  }>;
};

/** What is predicted of a row. */
export type ModelPredictions = Predictions<ModelTasks>;
