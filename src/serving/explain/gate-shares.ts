import type { Table } from '../../common/table.ts';
import { cellAt } from '../../data/index.ts';
import type { Model } from '../model.ts';
import type { GateUse } from './gates.ts';
import { someRows } from './some-rows.ts';

/**
 * What rows use of experts on average, by gate and task; nothing where the model has no gates.
 *
 * @param rows that are looked at, drawn by chance: 2,000 unless given
 */
export async function gateShares(
  model: Model,
  table: Table,
  { rows = 2000, seed = 0 }: { readonly rows?: number; readonly seed?: number } = {},
): Promise<GateUse> {
  if ((model.signature.gates ?? []).length === 0) return {};
  const sample = someRows(table, rows, seed);
  const columns = [...sample.columns.values()];
  const uses = await model.gates(
    Array.from({ length: sample.rows }, (_, row) =>
      Object.fromEntries(columns.map((column) => [column.name, cellAt(column, row)])),
    ),
  );
  const sums: Record<string, Record<string, Record<string, number>>> = {};
  const counts: Record<string, Record<string, number>> = {};
  for (const use of uses)
    for (const [gate, subjects] of Object.entries(use))
      for (const [subject, experts] of Object.entries(subjects)) {
        const sum = ((sums[gate] ??= {})[subject] ??= {});
        const count = (counts[gate] ??= {});
        count[subject] = (count[subject] ?? 0) + 1;
        for (const [expert, share] of Object.entries(experts)) sum[expert] = (sum[expert] ?? 0) + share;
      }
  const means = (gate: string, subject: string, experts: Readonly<Record<string, number>>): object =>
    Object.fromEntries(Object.entries(experts).map(([name, sum]) => [name, sum / counts[gate]![subject]!]));
  return Object.fromEntries(
    Object.entries(sums).map(([gate, subjects]) => [
      gate,
      Object.fromEntries(
        Object.entries(subjects).map(([subject, experts]) => [subject, means(gate, subject, experts)]),
      ),
    ]),
  ) as GateUse;
}
