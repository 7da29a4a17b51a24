import type { CardCalibration } from '../../artefact/index.ts';
import { compose } from '../../artefact/onnx/index.ts';
import type { Table } from '../../common/table.ts';
import { requireColumn, textAt } from '../../data/index.ts';
import { compile, input, scope } from '../../engine/index.ts';
import { calibrate, type JudgedTask } from '../../experiment/calibration.ts';
import { companionsOf } from '../../experiment/tasks.ts';
import { type FittedCalibration, kindOf, metricWeights } from '../../problem/index.ts';
import { type Exportable, withModel } from './exportable.ts';
import type { JudgingRows } from './judging-rows.ts';

/** Calibration by labelled rows; nothing where rows have no labels, or no kind of the model has an answer. */
export function calibrationBy(
  model: Exportable,
  { from, table }: JudgingRows,
): Promise<CardCalibration | undefined> {
  if (from === 'random') return Promise.resolve(undefined);
  const { by, tasks } = model.signature;
  return withModel(model, async (loaded) => {
    const outputs = await loaded.predictTable(table);
    const judged = tasks
      .filter(({ fitted }) => table.columns.has(fitted.column))
      .map(({ fitted }): JudgedTask => {
        const kind = kindOf(fitted.kind);
        const { targets, weights } = kind.encode(
          requireColumn(table, fitted.column),
          fitted,
          companionsOf(table, fitted.kind, fitted.options),
        );
        const { data } = outputs.get(by === undefined ? fitted.name : fitted.column)!;
        const own = metricWeights(weights).map((weight, row) => weight * isOf(table, by, fitted.name, row));
        return { fitted, input: { outputs: data, targets, weights: own } };
      });
    return calibrate(judged, { from, count: table.rows }, by !== undefined);
  });
}

/** 1 where a row is of a task. */
function isOf(table: Table, by: string | undefined, name: string, row: number): number {
  const column = by === undefined ? undefined : table.columns.get(by);
  return Number(column === undefined || textAt(column, row) === name);
}

/** The same model, whose graph gives calibrated predictions where calibration changes any. */
export function applyCalibration(model: Exportable, calibration: CardCalibration): Exportable {
  const { signature } = model;
  const graph = signature.tasks.reduce((bytes, { fitted, output }, t) => {
    if (signature.by !== undefined && t > 0) return bytes;
    const name = signature.by === undefined ? fitted.name : fitted.column;
    const found = calibration.tasks.find(({ task }) => task === name);
    const apply = kindOf(fitted.kind).calibrator?.apply;
    if (found === undefined || apply === undefined) return bytes;
    return append(bytes, output, apply, found, kindOf(fitted.kind).outputWidth(fitted));
  }, model.graph);
  return { ...model, graph, signature: { ...signature, calibrated: true } };
}

function append(
  bytes: Uint8Array,
  output: string,
  apply: NonNullable<NonNullable<ReturnType<typeof kindOf>['calibrator']>['apply']>,
  found: FittedCalibration,
  width: number,
): Uint8Array {
  const raw = `calibration/${output}/raw`;
  const value = scope(`calibration/${output}`, () => apply(input(raw, ['batch', width]), found));
  const { bytes: own } = compile({ [output]: value });
  return compose(bytes, own, [{ output, input: raw, as: raw }]);
}
