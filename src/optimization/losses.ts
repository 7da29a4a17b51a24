import {
  add,
  cast,
  concat,
  constant,
  div,
  equal,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  scatterAdd,
  scope,
  slice,
  split,
  stack,
  sub,
  type Tensor,
} from '../engine/index.ts';
import type { FamilyLabels } from '../model/flow/flow.ts';
import type { Family } from '../model/heads.ts';
import { spread } from '../model/members.ts';
import type { BuiltModel } from '../model/model.ts';
import type { BatchLayout } from '../model/task-axis.ts';
import { type FittedTask, kindOf } from '../problem/index.ts';

/** Labels of a batch: [..., batch, label columns] and how much each label counts, 0 where it is missing. */
export interface BatchLabels {
  readonly labels: Tensor;
  /** [..., batch, tasks] for wide rows, [..., batch, 1] where a row has one task. */
  readonly weights: Tensor;
  /** The task of each row, int32 [..., batch]: rows of one task each. */
  readonly task?: Tensor;
}

/** What a batch says of each task, [..., tasks]. */
export interface TaskLosses {
  readonly losses: Tensor;
  /** 1 where the task has labelled rows in the batch, else 0. */
  readonly present: Tensor;
}

/**
 * Each task's loss, the mean over its labelled rows in the batch:
 * Lᵢ = Σ_b w_bi ℓᵢ(ŷ_bi, y_bi) / Σ_b w_bi, and exactly 0 with zero gradient where it has none.
 *
 * @param tasks in the order of the model's heads
 */
export function taskLosses(
  model: BuiltModel,
  tasks: readonly FittedTask[],
  batch: BatchLabels,
  layout: BatchLayout,
): TaskLosses {
  const { members } = model;
  if (members === undefined) return lossesOf(model, tasks, batch, layout);
  // Each member has losses of its own; what is descended is their mean.
  const { labels, weights, task } = batch;
  const own = {
    labels: spread(labels, members),
    weights: spread(weights, members),
    ...(task && { task: spread(task, members) }),
  };
  const { losses, present } = lossesOf(model, tasks, own, layout);
  return { losses: reduceMean(losses, members.axis), present: reduceMean(present, members.axis) };
}

function lossesOf(
  model: BuiltModel,
  tasks: readonly FittedTask[],
  batch: BatchLabels,
  layout: BatchLayout,
): TaskLosses {
  if (layout !== 'wide') return scope('loss', () => singleTaskLosses(model, tasks, batch, layout));
  const byFamily = labelsByFamily(model.families, tasks, batch);
  const parts = model.families.map(({ key, start }) => {
    const fitted = tasks[start]!;
    const { labels, weights } = byFamily.get(key)!;
    return scope(`loss/${key}`, () => {
      const loss = kindOf(fitted.kind).loss(model.logits.get(key)!, labels, fitted);
      return weightedMean(loss, weights, -2);
    });
  });
  const joined = (of: keyof TaskLosses): Tensor =>
    concat(
      parts.map((own) => own[of]),
      -1,
    );
  return { losses: joined('losses'), present: joined('present') };
}

/** Labels of wide rows as each family's kind reads them. */
export function labelsByFamily(
  families: readonly Family[],
  tasks: readonly FittedTask[],
  batch: BatchLabels,
): FamilyLabels {
  let column = 0;
  return new Map(
    families.map(({ key, start, heads }) => {
      const fitted = tasks[start]!;
      const width = kindOf(fitted.kind).labelWidth(fitted);
      const labels = part(batch.labels, column, heads.length * width);
      column += heads.length * width;
      const own = reshape(labels, [...labels.shape.slice(0, -1), heads.length, width]);
      return [key, { labels: own, weights: part(batch.weights, start, heads.length) }];
    }),
  );
}

/** The columns [start, start + count) of the last axis. */
function part(x: Tensor, start: number, count: number): Tensor {
  return x.shape.at(-1) === count ? x : slice(x, -1, start, start + count);
}

function singleTaskLosses(
  model: BuiltModel,
  tasks: readonly FittedTask[],
  { labels, weights, task }: BatchLabels,
  layout: BatchLayout,
): TaskLosses {
  const fitted = tasks[0]!;
  const loss = kindOf(fitted.kind).loss(model.logits.get(model.families[0]!.key)!, labels, fitted);
  const own = reshape(weights, weights.shape.slice(0, -1));
  if (layout === 'blocks') return weightedMean(loss, own, -1);
  return meanByTask(loss, own, task!, tasks.length);
}

/**
 * For each task Σ w x / Σ w over the rows that it has in the batch, 0 where it has none: one pass over the rows,
 * however many tasks there are.
 *
 * @param x [...lead, batch]
 * @param task int32 [...lead, batch]
 */
function meanByTask(x: Tensor, weights: Tensor, task: Tensor, tasks: number): TaskLosses {
  const lead = x.shape.slice(0, -1) as number[];
  const replicas = lead.reduce((a, b) => a * b, 1);
  const starts = Array.from({ length: replicas }, (_, s) => s * tasks);
  const slots = replicas === 1 ? task : add(task, constant(starts, { shape: [...lead, 1], dtype: 'int32' }));
  const sums = scatterAdd(slots, stack([mul(x, weights), weights], -1), replicas * tasks, -2);
  const [sum, total] = split(sums, [1, 1], -1) as [Tensor, Tensor];
  const ofTasks = (x: Tensor): Tensor => reshape(x, [...lead, tasks]);
  return quotient(ofTasks(sum), ofTasks(total));
}

/** Σ w x / Σ w along an axis, 0 where all weights are 0. */
function weightedMean(x: Tensor, weights: Tensor, axis: number): TaskLosses {
  return quotient(reduceSum(mul(x, weights), axis), reduceSum(weights, axis));
}

function quotient(sum: Tensor, total: Tensor): TaskLosses {
  const empty = cast(equal(total, 0), total.dtype);
  return { losses: div(sum, add(total, empty)), present: sub(1, empty) };
}
