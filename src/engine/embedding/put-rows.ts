import { apply, dtypeError, type Operator, rank, shapeError, type Tensor } from '../tensor.ts';

/** Writes whole rows of a table; it has no derivative, as it serves updates alone. */
export const putRowsOperator: Operator = {
  name: 'putRows',
  infer: (inputs) => {
    const [table, rows, values] = inputs as [Tensor, Tensor, Tensor];
    if (rows.dtype !== 'int32' && rows.dtype !== 'int64')
      throw dtypeError('putRows', 'integer row numbers', [rows]);
    if (table.dtype !== values.dtype) throw dtypeError('putRows', 'values of the dtype of the table', inputs);
    const expected = [...rows.shape, ...table.shape.slice(1)];
    if (
      rank(rows) !== 1 ||
      rank(values) !== rank(table) ||
      expected.some((dim, i) => dim !== values.shape[i])
    )
      throw shapeError(
        'putRows',
        inputs,
        'a table [rows, …], row numbers [used] and values [used, …]',
        'Give one row of values for each row number.',
      );
    return [{ dtype: table.dtype, shape: table.shape }];
  },
  emit: (graph, [table, rows, values]) => {
    const indices = graph.op('Reshape', [graph.op('Cast', [rows!], { to: 7 }), graph.int64s([-1, 1])]);
    return [graph.op('ScatterND', [table!, indices, values!])];
  },
};

/**
 * The table with some rows replaced: next[rows[i]] = values[i], all others bit for bit as they were.
 *
 * @param table [V, …]
 * @param rows int32 or int64 [U]; where a row is named twice, both values must be the same
 * @param values [U, …]
 */
export function putRows(table: Tensor, rows: Tensor, values: Tensor): Tensor {
  return apply(putRowsOperator, [table, rows, values], {})[0]!;
}
