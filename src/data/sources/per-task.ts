import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { makeTable, stringColumn } from '../columns.ts';
import { concatTables, stringsWhereTypesDiffer } from '../concat.ts';
import type { PerTaskSpec, SourceOptions, SourceSpec } from './spec.ts';

/** Several sources, one a task, as one long table with a column that tells the task. */
export async function openPerTask(
  spec: PerTaskSpec,
  options: SourceOptions,
  open: (spec: SourceSpec, options: SourceOptions) => Promise<Table>,
): Promise<Table> {
  const names = Object.keys(spec.perTask);
  if (names.length === 0) {
    throw new PolytaskError('source-invalid', {
      path: 'perTask',
      expected: 'at least one task with its source',
      found: 'none',
      help: 'Write { perTask: { books: "books.csv", films: "films.csv" } }.',
    });
  }
  const read = async (types: SourceOptions['types']): Promise<Table[]> => {
    const tables: Table[] = [];
    for (const name of names) {
      tables.push(await open(spec.perTask[name]!, types === undefined ? options : { ...options, types }));
    }
    return tables;
  };
  const first = await read(options.types);
  const strings = stringsWhereTypesDiffer(first);
  const tables = Object.keys(strings).length === 0 ? first : await read({ ...options.types, ...strings });
  const joined = concatTables(
    tables,
    names.map((name) => `perTask.${name}`),
    spec.optional,
  );
  const tasks = tables.flatMap((table, i) => new Array<string>(table.rows).fill(names[i]!));
  return makeTable([...joined.columns.values(), stringColumn(spec.name ?? 'task', tasks)], joined.rows);
}
