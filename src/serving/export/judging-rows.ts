import type { Signature } from '../../artefact/index.ts';
import { PolytaskError } from '../../common/error.ts';
import { RandomStream } from '../../common/random.ts';
import type { Table } from '../../common/table.ts';
import {
  fingerprint,
  requireColumn,
  type SourceOptions,
  type SourceSpec,
  tableFromRows,
  takeRows,
  textAt,
} from '../../data/index.ts';
import { openSource } from '../../data/sources/index.ts';
import { divideRows, WHOLE } from '../../experiment/divide-rows.ts';
import type { FinishedRun } from '../../experiment/finished-run.ts';
import { resolveTasks } from '../../experiment/tasks.ts';

/** Rows by which an export is judged. */
export interface JudgingRows {
  /** Labelled rows of the user, those that the run chose its model by, or made-up ones without labels. */
  readonly from: 'data' | 'validation' | 'random';
  readonly table: Table;
}

/** The rows to judge a model by: labelled ones where there are some, never the run's test rows. */
export async function judgingRows(
  signature: Signature,
  run: FinishedRun | undefined,
  data: SourceSpec | undefined,
): Promise<JudgingRows> {
  if (data !== undefined) return { from: 'data', table: ofTasks(signature, await readFor(signature, data)) };
  if (run !== undefined) return { from: 'validation', table: ofTasks(signature, await validationRows(run)) };
  return { from: 'random', table: randomRows(signature) };
}

/** Rows of the tasks that a model has; it may be one of some tasks. */
function ofTasks({ by, tasks }: Signature, table: Table): Table {
  if (by === undefined) return table;
  const column = requireColumn(table, by, 'by');
  const names = new Set(tasks.map(({ fitted }) => fitted.name));
  const own = Int32Array.from({ length: table.rows }, (_, row) => row).filter((row) =>
    names.has(textAt(column, row) ?? ''),
  );
  return own.length === table.rows ? table : takeRows(table, own);
}

/** Rows read as the training rows were: the same words for missing, the same types. */
async function readFor({ read, types }: Signature, data: SourceSpec): Promise<Table> {
  const given: SourceOptions = {
    ...(read.missing && { missing: read.missing }),
    ...(read.encoding !== undefined && { encoding: read.encoding }),
  };
  const table = await openSource(data, given);
  const differing = Object.entries(types).filter(([name, type]) => {
    const column = table.columns.get(name);
    return column !== undefined && column.type !== type;
  });
  return differing.length === 0
    ? table
    : openSource(data, { ...given, types: Object.fromEntries(differing) });
}

/** @throws `run-changed`, and what opening a source throws, where the data are not what they were */
async function validationRows({ record }: FinishedRun): Promise<Table> {
  const { config, directory } = record;
  const options = Object.fromEntries(Object.entries(config.read).filter(([, value]) => value !== undefined));
  const help = 'Restore the data, or give labelled rows with --data.';
  const table = await openSource(config.data as SourceSpec, { ...options, directory }).catch((cause) => {
    if (!(cause instanceof PolytaskError)) throw cause;
    const { path = String(config.data), expected = '', found = '' } = cause;
    throw new PolytaskError(cause.code, { path, expected, found, help, cause });
  });
  const found = fingerprint(table);
  if (found !== record.fingerprint)
    throw new PolytaskError('run-changed', {
      path: String(config.data),
      expected: `the data that the run began with (${record.fingerprint})`,
      found,
      help,
    });
  const tasks = resolveTasks(config, table);
  return takeRows(table, divideRows(config, table, tasks, WHOLE).validation);
}

const RANDOM_ROWS = 512;
/** Every so many cells is missing. */
const MISSING = 16;

/** Rows drawn from what the training rows held of each column, one by one. */
export function randomRows({ inputs, by, tasks }: Signature, count: number = RANDOM_ROWS): Table {
  const random = new RandomStream(0, 'export');
  const rows = Array.from({ length: count }, (_, row) =>
    Object.fromEntries(
      inputs.map(({ name, type, typical, range, categories }, i) => {
        const position = (row * inputs.length + i) * 2;
        const share = random.uniform(position);
        if (random.integer(MISSING, position + 1) === 0) return [name, null];
        if (categories !== undefined) return [name, categories[Math.floor(share * categories.length)]];
        if (type === 'boolean') return [name, share < 0.5];
        if (range === undefined) return [name, typical];
        const [min, max] = [range.min, range.max].map((end) =>
          type === 'date' ? Date.parse(String(end)) : Number(end),
        ) as [number, number];
        const value = min + share * (max - min);
        return [name, type === 'date' ? new Date(value) : value];
      }),
    ),
  );
  if (by === undefined) return tableFromRows(rows);
  return tableFromRows(rows.map((row, i) => ({ ...row, [by]: tasks[i % tasks.length]!.fitted.name })));
}
