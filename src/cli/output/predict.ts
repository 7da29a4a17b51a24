import { PolytaskError, suggest } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { cellAt, requireColumn, textAt } from '../../data/index.ts';
import type { Model, PredictOptions } from '../../serving/index.ts';
import { asColumns, flatten, type OutputColumn } from './flatten.ts';

/**
 * The predictions of every row as columns, with columns of the table in front.
 *
 * @param keep names of columns to copy, or `*`; one that is called like a prediction becomes `name.actual`
 */
export async function predictColumns(
  model: Model,
  table: Table,
  keep: readonly string[],
  options: PredictOptions = {},
): Promise<OutputColumn[]> {
  const kept = keptNames(table, keep);
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

function keptNames(table: Table, keep: readonly string[]): string[] {
  const all = [...table.columns.keys()];
  const names = keep.flatMap((text) => (text === '*' ? all : all.includes(text) ? [text] : text.split(',')));
  for (const name of names)
    if (!table.columns.has(name))
      throw new PolytaskError('column-unknown', {
        path: '--keep',
        expected: 'a column of the source',
        found: name,
        help: suggest(name, all),
      });
  return [...new Set(names)];
}
