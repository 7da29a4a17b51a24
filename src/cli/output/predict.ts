import { PolytaskError, suggest } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { cellAt, type RowStream, requireColumn, textAt } from '../../data/index.ts';
import type { Model, PredictOptions } from '../../serving/index.ts';
import { asColumns, flatten, type OutputColumn } from './flatten.ts';

/** A whole number of the model's own batches, so that a row's prediction does not depend on how rows are read. */
const ROWS_AT_ONCE = 8192;

/**
 * The predictions of all rows as columns, many rows at a time, with columns of the rows in front.
 *
 * @param keep names of columns to copy, or `*`; one that is called like a prediction becomes `name.actual`
 * @param atOnce how many rows
 */
export async function* predictStream(
  model: Model,
  stream: RowStream,
  keep: readonly string[],
  options: PredictOptions,
  atOnce: number = ROWS_AT_ONCE,
): AsyncGenerator<OutputColumn[]> {
  const kept = keptNames([...stream.columns.keys()], keep);
  let firstRow = 0;
  for await (const table of stream.chunks(
    (await meetsNewTasks(model, stream, options, atOnce)) ? stream.rows : atOnce,
  )) {
    yield await predictColumns(model, table, kept, { ...options, firstRow });
    firstRow += table.rows;
  }
}

/** Whether there are tasks that are new to the model and told from their rows: these are then predicted together. */
async function meetsNewTasks(
  model: Model,
  stream: RowStream,
  { task }: PredictOptions,
  atOnce: number,
): Promise<boolean> {
  const by = model.signature.by ?? '';
  if (task !== undefined || !model.learnsTasksFromRows || !stream.columns.has(by)) return false;
  const known = new Set<string | undefined>([...model.tasks, undefined]);
  for await (const { rows, columns } of stream.chunks(atOnce))
    for (let row = 0; row < rows; row++) if (!known.has(textAt(columns.get(by)!, row))) return true;
  return false;
}

async function predictColumns(
  model: Model,
  table: Table,
  kept: readonly string[],
  options: PredictOptions & { readonly firstRow: number },
): Promise<OutputColumn[]> {
  const outputs = await model.predictTable(table, options);
  const { by } = model.signature;
  const taskColumn = by === undefined ? undefined : table.columns.get(by);
  const rows = Array.from({ length: table.rows }, (_, row) => {
    const decoded = model.decode(outputs, row, taskColumn && textAt(taskColumn, row));
    return new Map(Object.entries(decoded).flatMap(([name, value]) => [...flatten(name, value)]));
  });
  const predicted = asColumns(rows);
  const taken = new Set(predicted.map(({ name }) => name));
  const copied = kept.map((name): OutputColumn => {
    const column = requireColumn(table, name);
    return {
      name: taken.has(name) ? `${name}.actual` : name,
      values: Array.from({ length: table.rows }, (_, row) => cellAt(column, row)),
    };
  });
  return [...copied, ...predicted];
}

function keptNames(all: readonly string[], keep: readonly string[]): string[] {
  const names = keep.flatMap((text) => (text === '*' ? all : all.includes(text) ? [text] : text.split(',')));
  for (const name of names)
    if (!all.includes(name))
      throw new PolytaskError('column-unknown', {
        path: '--keep',
        expected: 'a column of the source',
        found: name,
        help: suggest(name, all),
      });
  return [...new Set(names)];
}
