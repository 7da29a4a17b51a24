import { PolytaskError } from '../../../../src/common/error.ts';
import type { Column, Table } from '../../../../src/common/table.ts';
import {
  fitEncoders,
  planColumns,
  requireColumn,
  splitRows,
  tableFromRows,
  takeFeatures,
} from '../../../../src/data/index.ts';
import { MISSING_TEXTS } from '../../../../src/data/sources/spec.ts';
import { inferKind } from '../../../../src/problem/index.ts';
import type { Settings } from '../settings.ts';
import { parseCsv } from './parse-csv.ts';
import { fitTasks, type Toy, type ToyProblem } from './problem.ts';

const ROWS_SHOWN = 300;
/** A table of which whole copies still fit between page and worker. */
const MOST_ROWS = 20_000;

/** A file that is dropped on the page, which it never leaves. */
export const table: ToyProblem = {
  name: 'table',
  title: 'A CSV of yours',
  about: 'A file from this machine. It stays in the page.',
  turns: ['rows'],
  make,
};

/** The columns that are asked for as targets; by default the last two. */
export function targetsOf({ targets }: Settings, columns: readonly string[]): string[] {
  const asked = targets.split('|').filter((name) => columns.includes(name));
  return asked.length > 0 ? asked : columns.slice(-2);
}

function make(settings: Settings, file?: string): Toy {
  if (file === undefined)
    throw new PolytaskError('source-empty', {
      expected: 'a CSV file',
      found: 'none',
      help: 'Drop one on this page, or choose one under Problem.',
    });
  const csv = parseCsv(file);
  const rows = csv.rows
    .slice(0, MOST_ROWS)
    .map((cells) => Object.fromEntries(csv.columns.map((name, c) => [name, cells[c]])));
  const missing = ['', ...MISSING_TEXTS];
  const types = Object.fromEntries(
    csv.columns.map((name) => [
      name,
      typeOf(
        rows.map((row) => row[name]),
        new Set(missing),
      ),
    ]),
  );
  const whole = tableFromRows(rows, { types, missing });
  const targets = targetsOf(settings, csv.columns);
  return toyOf(whole, targets, settings);
}

function toyOf(whole: Table, targets: readonly string[], { seed, rows }: Settings): Toy {
  const split = splitRows(whole, '0.7/0.15/0.15', seed);
  const train = split.train.slice(0, rows);
  const validation = Int32Array.from([...split.validation, ...split.test]).sort();
  const encoders = fitEncoders(whole, planColumns(whole, { tasks: targets }), train);
  const features = encoders.encode(whole);
  const columns = targets.map((name) => requireColumn(whole, name));
  const { heads, ...fitted } = fitTasks(
    columns.map((column) => ({ column, kind: inferKind(column, train).kind })),
    train,
  );
  const { numeric, categorical, text } = encoders.shape;
  const shown = validation.slice(0, ROWS_SHOWN);
  return {
    dataset: { features, ...fitted },
    signature: {
      features: {
        numeric: numeric.length,
        categorical: categorical.map(({ cardinality }) => cardinality),
        text,
      },
      heads,
      long: false,
    },
    train,
    validation,
    shown: takeFeatures(features, shown),
    picture: {
      kind: 'scatter',
      truth: fitted.tasks.map(({ name, kind }) => {
        const column = columns.find((own) => own.name === name)!;
        return kind === 'regression' ? Array.from(shown, (row) => numberAt(column, row)) : [];
      }),
    },
  };
}

const numberAt = (column: Column, row: number): number =>
  column.type === 'string' ? Number.NaN : column.values[row]!;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** 007 is a code. */
const CODE = /^0\d/;
const TYPES: readonly (readonly [Column['type'], (text: string) => boolean])[] = [
  ['number', (text) => NUMBER.test(text) && !CODE.test(text)],
  ['boolean', (text) => /^(true|false)$/i.test(text)],
  ['date', (text) => /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text)],
];

/** What all cells of a column can be read as. */
function typeOf(cells: readonly (string | undefined)[], missing: ReadonlySet<string>): Column['type'] {
  const known = cells.map((cell) => cell?.trim() ?? '').filter((cell) => !missing.has(cell));
  return TYPES.find(([, fits]) => known.length > 0 && known.every(fits))?.[0] ?? 'string';
}
