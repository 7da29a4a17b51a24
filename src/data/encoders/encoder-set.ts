import { PolytaskError, suggest } from '../../common/error.ts';
import type { Column, Table } from '../../common/table.ts';
import { toBoolean, toNumber, toTime } from '../cells.ts';
import { stringColumn, textAt } from '../columns.ts';
import { assemble, type FeatureShape, type Features, joinShapes } from '../features.ts';
import type { ColumnPlan } from '../plan.ts';
import type { Warning } from '../warning.ts';
import { fitBins } from './bins.ts';
import type { EncoderJSON, FittedEncoder } from './encoder.ts';
import { encoderFromJSON, fitEncoder } from './registry.ts';
import { type RowCells, RowReader } from './row-cells.ts';

export interface EncoderSetJSON {
  readonly encoders: readonly EncoderJSON[];
  readonly edges?: readonly (readonly number[])[];
}

/** The encoders of all input columns: what turns a table, or a few rows at prediction, into features. */
export class EncoderSet {
  readonly encoders: readonly FittedEncoder[];
  readonly shape: FeatureShape;
  /** Edges of the bins of every numeric feature, where a model asks for them. */
  readonly edges: readonly (readonly number[])[] | undefined;

  constructor(encoders: readonly FittedEncoder[], edges?: readonly (readonly number[])[]) {
    this.encoders = encoders;
    this.edges = edges;
    this.shape = joinShapes(encoders.map(({ shape }) => shape));
  }

  /** The names of the columns that are read. */
  get columns(): readonly string[] {
    return this.encoders.map(({ column }) => column);
  }

  /** Features of every row; the table must have every column, in whatever type. */
  encode(table: Table): Features {
    const blocks = this.encoders.map((encoder) => {
      const column = table.columns.get(encoder.column);
      if (column !== undefined) return encoder.encode(asType(column, encoder.type));
      throw new PolytaskError('features-mismatch', {
        path: encoder.column,
        expected: `the column "${encoder.column}", which the encoders were fitted on`,
        found: 'no such column',
        help: suggest(encoder.column, [...table.columns.keys()]),
      });
    });
    return assemble(table.rows, this.shape, blocks);
  }

  /** Features of plain objects, as a predictor gets them; what is odd about them comes back as warnings. */
  encodeRows(rows: readonly Readonly<Record<string, unknown>>[]): {
    features: Features;
    warnings: Warning[];
  } {
    const reader = new RowReader(rows);
    const odd: Warning[] = [];
    let lacking = false;
    const blocks = this.encoders.map((encoder) => {
      const cells = reader.column(encoder.column, encoder.type);
      lacking ||= cells.given === 0;
      odd.push(...oddCells(cells, encoder));
      return encoder.encode(cells.column);
    });
    const known = !lacking && reader.exhausted;
    const warnings = known ? odd : [...unknownColumns(rows, this.columns), ...odd];
    return { features: assemble(rows.length, this.shape, blocks), warnings };
  }

  toJSON(): EncoderSetJSON {
    const { edges } = this;
    return { encoders: this.encoders.map((encoder) => encoder.toJSON()), ...(edges && { edges }) };
  }

  static fromJSON(json: EncoderSetJSON): EncoderSet {
    return new EncoderSet(json.encoders.map(encoderFromJSON), json.edges);
  }
}

/**
 * Fits the encoder of every input column on the training rows and nothing else.
 *
 * @param bins into how many bins the numeric features are cut as well; 0 for none
 * @example
 * const encoders = fitEncoders(table, planColumns(table, { tasks: ['income'] }), split.train);
 * const features = encoders.encode(table);
 */
export function fitEncoders(
  table: Table,
  plans: readonly ColumnPlan[],
  trainRows: ArrayLike<number>,
  bins: number = 0,
): EncoderSet {
  const inputs = plans.filter(({ role, encoder }) => role === 'input' && encoder !== undefined);
  const encoders = inputs.map(({ name, encoder }) =>
    fitEncoder(table.columns.get(name)!, encoder!, trainRows),
  );
  return new EncoderSet(encoders, bins === 0 ? undefined : fitBins(encoders, table, trainRows, bins));
}

/** The column as another type; what does not fit is missing. */
function asType(column: Column, type: Column['type']): Column {
  if (column.type === type) return column;
  const { name } = column;
  if (type === 'string') {
    const rows = column.type === 'string' ? 0 : column.values.length;
    return stringColumn(
      name,
      Array.from({ length: rows }, (_, row) => textAt(column, row)),
    );
  }
  const parse = { number: toNumber, boolean: toBoolean, date: toTime }[type];
  const values =
    column.type === 'string'
      ? Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : parse(column.dictionary[code])))
      : column.values;
  return type === 'number' ? { type, name, values, integer: false } : { type, name, values };
}

function unknownColumns(rows: readonly object[], known: readonly string[]): Warning[] {
  const given = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) given.add(name);
  const lacking = known.filter((name) => !given.has(name));
  const unknown = [...given].filter((name) => !known.includes(name));
  return [
    ...unknown.map(
      (column): Warning => ({
        code: 'column-unknown',
        column,
        message: `"${column}" is no input of this model and was ignored.`,
        help: suggest(column, lacking.length > 0 ? lacking : known),
      }),
    ),
    ...lacking.map(
      (column): Warning => ({
        code: 'column-missing',
        column,
        message: `No row has "${column}"; it counts as missing.`,
        help: `Give every row a value for "${column}", or null where it is not known.`,
      }),
    ),
  ];
}

function oddCells({ column, lost, firstLost }: RowCells, encoder: FittedEncoder): Warning[] {
  const warnings: Warning[] = [];
  if (lost > 0) {
    warnings.push({
      code: 'value-unreadable',
      column: column.name,
      message: `${lost} values of "${column.name}" are no ${encoder.type}, such as ${String(firstLost)}; they count as missing.`,
      help:
        encoder.type === 'date'
          ? 'Write dates as 2026-01-31 or 2026-01-31T10:00:00Z.'
          : `Give a ${encoder.type}.`,
    });
  }
  const unseen = encoder.unseen?.(column) ?? [];
  if (unseen.length > 0) {
    warnings.push({
      code: 'category-unseen',
      column: column.name,
      message: `"${column.name}" has values that the training rows did not: ${unseen.slice(0, 5).join(', ')}${unseen.length > 5 ? `, and ${unseen.length - 5} more` : ''}.`,
      help: 'They are encoded as unknown; check the spelling, or train again with rows that hold them.',
    });
  }
  return warnings;
}
