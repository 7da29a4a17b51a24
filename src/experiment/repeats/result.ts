import type { Scores, Transfer } from '../../diagnosis/index.ts';
import type { DataFacts } from '../result.ts';

/** What a run reached on one choice of rows; [task] axes in the order of the run's tasks. */
export interface RowsResult {
  readonly rows: DataFacts['rows'];
  /** On the test rows. */
  readonly multi: Scores;
  readonly independent?: Scores;
  /** Both ways compared on these rows alone, over seeds. */
  readonly transfer?: Transfer;
}

/** What a run reached on a fold. */
export interface FoldResult extends RowsResult {
  /** From 1. */
  readonly fold: number;
}

/** What a run reached with a share of the training rows. */
export interface FractionResult extends RowsResult {
  /** In (0, 1]; validation and test rows are always the same. */
  readonly fraction: number;
}

/** What a run found on other rows than its own, beside what it found on those. */
export interface Repeated {
  /** Every row was tested in one of them; the first is the run's own split. */
  readonly folds?: readonly FoldResult[];
  /** Ascending; the last is the run itself. */
  readonly fractions?: readonly FractionResult[];
}
