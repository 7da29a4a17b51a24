import { mul, oneHot, rank, reduceSum, type Tensor, transpose, unsqueeze } from '../engine/index.ts';
import { type BatchInputs, mapInputs } from './inputs.ts';
import type { ParameterSet } from './parameter.ts';
import { type LayerView, leaningView, type ParameterView, rowView, sharedView, taskView } from './view.ts';

/**
 * How the rows of a batch stand to the tasks: `wide` rows carry labels of all tasks; `rows` belong to one task each,
 * mixed; `blocks` are [..., tasks, batch, ·], a block of rows a task.
 */
export type BatchLayout = 'wide' | 'rows' | 'blocks';

/**
 * Where a value keeps its tasks, so that a sharing is written once for all layouts of a batch.
 *
 * A value is *shared* while it is the same for every task, [...lead, batch, H], and each task's *own* with one axis
 * more: [...lead, tasks, batch, H] for wide rows and blocks, [...lead, batch, 1, H] where a row has one task.
 */
export interface TaskAxis {
  readonly layout: BatchLayout;
  readonly tasks: readonly string[];
  isOwn(x: Tensor): boolean;
  /** The value in its own form; the tasks' axis may be 1 until parameters of tasks meet it. */
  own(x: Tensor): Tensor;
  /** Values that were computed for every task, [...lead, tasks, batch, H], in own form: of a row's tasks its own. */
  pick(x: Tensor): Tensor;
  /** Features as the tables of each task's own view look them up. */
  ownInputs(inputs: BatchInputs): BatchInputs;
  /**
   * Parameters of each task, for values in own form.
   *
   * @param inner further axes of the parameters after the task's: [3] for three experts of each task
   */
  view(prefix: string, inner?: readonly number[]): ParameterView;
  /** Parameters that tasks share up to a deviation of their own where rows have one task; else each task's own. */
  leaning(prefix: string): LayerView;
}

/** @param taskOfRow the task of each row, where rows have one */
export function taskAxis(
  set: ParameterSet,
  layout: BatchLayout,
  tasks: readonly string[],
  taskOfRow?: Tensor,
): TaskAxis {
  const ownRank = set.lead.length + 3;
  const isOwn = (x: Tensor): boolean => rank(x) >= ownRank;
  const view = (prefix: string, inner: readonly number[] = []): ParameterView =>
    layout === 'rows' ? rowView(set, prefix, tasks, taskOfRow!, inner) : taskView(set, prefix, tasks, inner);
  return {
    layout,
    tasks,
    isOwn,
    own: (x) => (isOwn(x) ? x : unsqueeze(x, layout === 'rows' ? -2 : -3)),
    pick: (x) => (layout === 'rows' ? weigh(x, oneHot(taskOfRow!, tasks.length)) : x),
    ownInputs: (inputs) => (layout === 'wide' ? mapInputs(inputs, (x) => unsqueeze(x, -3)) : inputs),
    view,
    leaning: (prefix) =>
      layout === 'wide' ? view(prefix) : leaningView(sharedView(set, prefix), view(prefix)),
  };
}

/**
 * Each row's own mixture Σⱼ wⱼ xⱼ.
 *
 * @param x [..., n, batch, H]
 * @param weights [..., batch, n]
 * @returns [..., batch, 1, H]
 */
export function weigh(x: Tensor, weights: Tensor): Tensor {
  const axes = weights.shape.map((_, axis) => axis);
  const beforeRows = transpose(weights, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
  return unsqueeze(reduceSum(mul(x, unsqueeze(beforeRows, -1)), -3), -2);
}
