import { closingOnError } from '../../common/closing.ts';
import type { Column, Table } from '../../common/table.ts';
import type { ColumnType } from '../cells.ts';
import { makeTable, sliced, stringColumn } from '../columns.ts';
import { concatTables, isAllMissing } from '../concat.ts';
import { PIECEWISE_FROM } from './large-text.ts';
import { type Loaded, readingsOf } from './loaded.ts';
import type { ColumnReading } from './relation.ts';
import type { LoadOptions, RowStream } from './spec.ts';
import { streamLoaded } from './stream-loaded.ts';

export interface StreamedFile {
  readonly path: string;
  readonly size: number;
  load(options: LoadOptions): Promise<Loaded>;
}

/** A file with what is known of it: it stays loaded where it is small, else it is loaded again in its turn. */
interface Known {
  readonly file: StreamedFile;
  readonly rows: number;
  readonly readings: readonly ColumnReading[];
  readonly held: Loaded | undefined;
}

/** So many times as many bytes as are read in one piece may stay loaded together. */
const HELD = 4;
const ROWS_LOOKED_AT = 8192;

/** Loaded rows in chunks. */
export async function streamOne(loaded: Loaded, options: LoadOptions): Promise<RowStream> {
  return closingOnError(loaded.close, async () => {
    const readings = await readingsOf(loaded, options, options.types);
    return {
      rows: loaded.rows,
      columns: typesOf(readings),
      chunks: (size) => streamLoaded(loaded, readings, size, options),
      close: loaded.close,
    };
  });
}

/** Files with equal columns, one after the other, in chunks. */
export async function streamFiles(files: readonly StreamedFile[], options: LoadOptions): Promise<RowStream> {
  if (files.length === 1) return streamOne(await files[0]!.load(options), options);
  const known: Known[] = [];
  const close = async (): Promise<void> => {
    for (const { held } of known) await held?.close();
  };
  return closingOnError(close, async () => {
    const most = HELD * (options.piecewiseFrom ?? PIECEWISE_FROM);
    let bytes = 0;
    for (const file of files) {
      bytes += file.size;
      const loaded = await file.load(options);
      const readings = await closingOnError(loaded.close, () => readingsOf(loaded, options, options.types));
      const held = bytes <= most ? loaded : undefined;
      known.push({ file, rows: loaded.rows, readings, held });
      if (held === undefined) await loaded.close();
    }
    const columns = await agreed(known, options);
    return {
      rows: known.reduce((sum, { rows }) => sum + rows, 0),
      columns,
      chunks: (size) => filled(rowsOf(known, columns, size, options), size),
      close,
    };
  });
}

/** The columns that all files have: a column that is numbers in one and words in another is words everywhere. */
async function agreed(known: readonly Known[], options: LoadOptions): Promise<Map<string, ColumnType>> {
  // Refuses files with other columns.
  const empty = known.map(({ readings }) =>
    makeTable(
      readings.map((reading) => blank(reading, 0)),
      0,
    ),
  );
  const all = concatTables(
    empty,
    known.map(({ file }) => file.path),
  );
  const types = new Map<string, ColumnType>();
  for (const name of all.columns.keys()) {
    const own = known.map(({ readings }) => readings.find((reading) => reading.name === name)!.type);
    if (new Set(own).size === 1) types.set(name, own[0]!);
    else types.set(name, await commonType(known, name, options));
  }
  return types;
}

/** The type of the files that have values there; text where these differ. */
async function commonType(known: readonly Known[], name: string, options: LoadOptions): Promise<ColumnType> {
  const found = new Set<ColumnType>();
  for (const one of known) {
    const reading = one.readings.find((candidate) => candidate.name === name)!;
    await withLoaded(one, options, async (loaded) => {
      for await (const { columns } of streamLoaded(loaded, [reading], ROWS_LOOKED_AT, options)) {
        if (isAllMissing(columns.get(name)!)) continue;
        found.add(reading.type);
        return;
      }
    });
  }
  const [first = known[0]!.readings.find((reading) => reading.name === name)!.type] = found;
  return found.size > 1 ? 'string' : first;
}

async function* rowsOf(
  known: readonly Known[],
  columns: ReadonlyMap<string, ColumnType>,
  size: number,
  options: LoadOptions,
): AsyncGenerator<Table> {
  // Warnings were given when types were looked at.
  const { warn: _, ...quiet } = options;
  for (const one of known) {
    const loaded = one.held ?? (await one.file.load(quiet));
    try {
      const strings = [...columns].filter(([, type]) => type === 'string');
      const differ = strings.some(
        ([name]) => one.readings.find((reading) => reading.name === name)!.type !== 'string',
      );
      const types = { ...options.types, ...(differ && Object.fromEntries(strings)) };
      const readings = differ ? await readingsOf(loaded, quiet, types) : one.readings;
      for await (const { columns: found, rows } of streamLoaded(loaded, readings, size, options)) {
        const ordered = [...columns].map(([name, type]) => {
          const column = found.get(name)!;
          return column.type === type ? column : blank({ name, type }, rows);
        });
        yield makeTable(ordered, rows);
      }
    } finally {
      if (loaded !== one.held) await loaded.close();
    }
  }
}

/** Chunks of one size, across the ends of files. */
async function* filled(tables: AsyncIterable<Table>, size: number): AsyncGenerator<Table> {
  let held: Table[] = [];
  let rows = 0;
  for await (const table of tables) {
    held.push(table);
    rows += table.rows;
    if (rows < size) continue;
    const all = joined(held);
    yield sliced(all, 0, size);
    held = rows === size ? [] : [sliced(all, size, rows)];
    rows -= size;
  }
  if (rows > 0) yield joined(held);
}

const joined = (tables: readonly Table[]): Table =>
  tables.length === 1 ? tables[0]! : concatTables(tables, tables.map(String));

async function withLoaded(
  { held, file }: Known,
  { warn: _, ...quiet }: LoadOptions,
  work: (loaded: Loaded) => Promise<void>,
): Promise<void> {
  if (held !== undefined) return work(held);
  const loaded = await file.load(quiet);
  try {
    await work(loaded);
  } finally {
    await loaded.close();
  }
}

const typesOf = (readings: readonly ColumnReading[]): Map<string, ColumnType> =>
  new Map(readings.map(({ name, type }) => [name, type]));

/** A column without values. */
function blank({ name, type }: Pick<ColumnReading, 'name' | 'type'>, rows: number): Column {
  if (type === 'string') return stringColumn(name, new Array<null>(rows).fill(null));
  const values = new Float64Array(rows).fill(Number.NaN);
  return type === 'number' ? { type, name, values, integer: true } : { type, name, values };
}
