import {
  axisSize,
  concat,
  expand,
  matmul,
  oneHot,
  reduceSum,
  squeeze,
  type Tensor,
  transpose,
  unsqueeze,
} from '../engine/index.ts';
import type { TaskAxis } from './task-axis.ts';

/** Something that is watched while a model trains: a table of numbers for each replica. */
export interface Probe {
  readonly name: string;
  /** `use`: how much of each column each row's subject used, a mean over data rows; `matrix`: parameters. */
  readonly kind: 'use' | 'matrix';
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** [...lead, rows, columns]; of a `use` the sum over the batch, with one column more that holds the count. */
  readonly value: Tensor;
  /** Of a `use`: what each row uses, [...lead, batch, subjects, columns]; subjects are `rows`, or the row's own task. */
  readonly perRow?: Tensor;
}

export interface Recorder {
  /**
   * How tasks use experts: weights that sum to 1 over the last axis.
   *
   * @param weights [..., batch, E] shared by all tasks, or in each task's own form
   */
  use(name: string, weights: Tensor, columns: readonly string[]): void;
  /** A matrix of parameters. @param value [...lead, rows, columns] */
  matrix(name: string, value: Tensor, rows: readonly string[], columns: readonly string[]): void;
}

/** Collects the probes of a model while it is built. */
export function recorder(axis: TaskAxis, taskOfRow: Tensor | undefined, into: Probe[]): Recorder {
  return {
    use: (name, weights, columns) => {
      const { rows, value } = usage(axis, weights, taskOfRow);
      into.push({ name, kind: 'use', rows, columns, value, perRow: perRow(axis, weights) });
    },
    matrix: (name, value, rows, columns) => into.push({ name, kind: 'matrix', rows, columns, value }),
  };
}

/** Sums over the rows of a batch for each task (or for all), and the number of rows. */
function usage(
  axis: TaskAxis,
  weights: Tensor,
  taskOfRow: Tensor | undefined,
): { rows: readonly string[]; value: Tensor } {
  if (!axis.isOwn(weights)) {
    const summed = reduceSum(weights, -2, { keepDims: true });
    return { rows: ['all tasks'], value: counted(summed, axisSize(weights, -2)) };
  }
  if (axis.layout !== 'rows') {
    const summed = reduceSum(weights, -2);
    const rows = summed.shape.at(-2) === axis.tasks.length ? axis.tasks : ['all tasks'];
    return { rows, value: counted(summed, axisSize(weights, -2)) };
  }
  const member = oneHot(taskOfRow!, axis.tasks.length);
  const ofRow = squeeze(weights, -2);
  const summed = matmul(member, ofRow, { transposeA: true });
  return { rows: axis.tasks, value: counted(summed, unsqueeze(reduceSum(member, -2), -1)) };
}

/** [..., batch, subjects, columns] */
function perRow(axis: TaskAxis, weights: Tensor): Tensor {
  if (!axis.isOwn(weights)) return unsqueeze(weights, -2);
  if (axis.layout === 'rows') return weights;
  const axes = weights.shape.map((_, i) => i);
  const [tasks, batch, columns] = axes.slice(-3);
  return transpose(weights, [...axes.slice(0, -3), batch!, tasks!, columns!]);
}

function counted(sums: Tensor, count: Tensor): Tensor {
  return concat([sums, expand(count, [...sums.shape.slice(0, -1), 1])], -1);
}
