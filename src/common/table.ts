/**
 * Typed columns in memory: the one form in which rows travel from a source to encoders and labels.
 * Missing is NaN in numeric, boolean and date columns and code −1 in string columns.
 */
export type Column = NumericColumn | BooleanColumn | DateColumn | StringColumn;

export interface NumericColumn {
  readonly type: 'number';
  readonly name: string;
  readonly values: Float64Array;
  /** True where the source declared whole numbers. */
  readonly integer: boolean;
}

/** 1, 0 or NaN. */
export interface BooleanColumn {
  readonly type: 'boolean';
  readonly name: string;
  readonly values: Float64Array;
}

/** Milliseconds since 1970-01-01 UTC. */
export interface DateColumn {
  readonly type: 'date';
  readonly name: string;
  readonly values: Float64Array;
}

/** Dictionary-coded strings; the dictionary lists distinct values in order of first appearance. */
export interface StringColumn {
  readonly type: 'string';
  readonly name: string;
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
}

export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** What a single cell holds once it has left the table. */
export type Cell = string | number | boolean | null;
