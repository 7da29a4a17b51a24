import type { PrecisionLoss, StoredPrecision } from '../../artefact/index.ts';
import { type Precision, storeAs } from '../../artefact/onnx/index.ts';
import { textAt } from '../../data/index.ts';
import { evaluateModel, type ModelEvaluation } from '../evaluate.ts';
import type { RawOutputs } from '../graph.ts';
import { type Exportable, withModel } from './exportable.ts';
import type { JudgingRows } from './judging-rows.ts';

/** The same model with its weights in fewer bits, and in its card what that costs each task. */
export async function reducePrecision(
  model: Exportable,
  kind: Exclude<Precision, 'float32'>,
  rows: JudgingRows,
): Promise<{ readonly model: Exportable; readonly precision: StoredPrecision }> {
  const reduced = {
    ...model,
    graph: storeAs(model.graph, kind),
    described: model.described && storeAs(model.described, kind),
  };
  const precision: StoredPrecision = {
    kind,
    bytes: { before: bytesOf(model), after: bytesOf(reduced) },
    rows: { from: rows.from, count: rows.table.rows },
    tasks: await lossesOf(model, reduced, rows),
  };
  const { card } = model;
  return { model: card === undefined ? reduced : { ...reduced, card: { ...card, precision } }, precision };
}

/** The size of a model's graphs. */
export function bytesOf({ graph, described }: Exportable): number {
  return graph.length + (described?.length ?? 0);
}

interface Looked {
  readonly outputs: RawOutputs;
  readonly evaluation?: ModelEvaluation;
}

async function lossesOf(before: Exportable, after: Exportable, rows: JudgingRows): Promise<PrecisionLoss[]> {
  const { by, tasks } = before.signature;
  const [one, other] = [await look(before, rows), await look(after, rows)];
  const column = by === undefined ? undefined : rows.table.columns.get(by);
  return tasks.map(({ fitted: { name, column: label } }) => {
    const [was, is] = [one, other].map(({ evaluation }) => evaluation?.tasks[name]);
    const isOwn = (row: number): boolean => column === undefined || textAt(column, row) === name;
    const output = by === undefined ? name : label;
    return {
      task: name,
      largestDifference: furthest(one.outputs, other.outputs, output, isOwn),
      ...(was &&
        is && {
          metric: was.metric,
          before: was.value,
          after: is.metrics[was.metric] ?? null,
          rows: was.labelled,
        }),
    };
  });
}

function look(model: Exportable, { from, table }: JudgingRows): Promise<Looked> {
  return withModel(model, async (loaded) => ({
    outputs: await loaded.predictTable(table),
    ...(from !== 'random' && { evaluation: await evaluateModel(loaded, table) }),
  }));
}

function furthest(a: RawOutputs, b: RawOutputs, output: string, isOwn: (row: number) => boolean): number {
  const { data, width } = a.get(output)!;
  const other = b.get(output)!.data;
  let most = 0;
  for (let i = 0; i < data.length; i++)
    if (isOwn(Math.floor(i / width))) most = Math.max(most, Math.abs(data[i]! - other[i]!));
  return most;
}
