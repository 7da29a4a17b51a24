import { PolytaskError, suggest } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { cellAt, requireColumn, textAt } from '../../data/index.ts';
import type { Model } from '../../serving/index.ts';
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
): Promise<OutputColumn[]> {
  const kept = keptNames(table, keep);
  const outputs = await model.predictTable(table);
  const { by, tasks } = model.signature;
  const taskColumn = by === undefined ? undefined : requireColumn(table, by);
  const byName = new Map(tasks.map((task) => [task.fitted.name, task]));
  const rows = Array.from({ length: table.rows }, (_, row) => {
    const own = taskColumn === undefined ? tasks : [byName.get(textAt(taskColumn, row)!)!];
    const cells = own.map(({ fitted }) =>
      flatten(by === undefined ? fitted.name : fitted.column, model.decodeRow(outputs, row, fitted.name)),
    );
    return new Map(cells.flatMap((one) => [...one]));
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
