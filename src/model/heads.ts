import { add, mul, reshape, slice, split, type Tensor, transpose, unsqueeze } from '../engine/index.ts';
import { affine, type MlpOptions, type Mode, mlp } from './layers.ts';
import type { ParameterSet } from './parameter.ts';
import type { Representation } from './sharing/sharing.ts';
import { pickTask, rowView, sharedView, taskView } from './view.ts';

/** What a head must know of its task. */
export interface HeadSpec {
  readonly name: string;
  /** Tasks of equal family have heads of one width and one loss, and are computed together. */
  readonly family: string;
  readonly width: number;
  /** Logits of the constant baseline, from which training starts. */
  readonly initialBias: readonly number[];
}

/** Heads of one family, which stand next to each other in the order of tasks. */
export interface Family {
  readonly key: string;
  readonly width: number;
  /** Position of its first task. */
  readonly start: number;
  readonly heads: readonly HeadSpec[];
}

/** Tasks sorted so that families are contiguous, in order of first appearance. */
export function orderByFamily(heads: readonly HeadSpec[]): { heads: HeadSpec[]; families: Family[] } {
  const groups = new Map<string, HeadSpec[]>();
  for (const head of heads) {
    const group = groups.get(head.family);
    if (group === undefined) groups.set(head.family, [head]);
    else group.push(head);
  }
  const families: Family[] = [];
  let start = 0;
  for (const [key, members] of groups) {
    families.push({ key, width: members[0]!.width, start, heads: members });
    start += members.length;
  }
  return { heads: families.flatMap((family) => family.heads), families };
}

export interface HeadContext {
  readonly set: ParameterSet;
  readonly families: readonly Family[];
  readonly tower: MlpOptions;
  readonly mode: Mode;
}

/** Logits of a family: [..., batch, tasks, width] for wide rows, [..., batch, width] for rows of one task each. */
export type Logits = ReadonlyMap<string, Tensor>;

/** The tower and the output layer of every task. */
export function applyHeads(representation: Representation, context: HeadContext): Logits {
  const { families, tower } = context;
  if (representation.axis === 'shared' && tower.hidden.length === 0)
    return fusedHeads(representation.value, context);
  if (representation.axis === 'rows') return rowHeads(representation, context);
  const names = families.flatMap(({ heads }) => heads.map(({ name }) => name));
  const view = taskView(context.set, 'heads', names);
  const value = representation.axis === 'shared' ? unsqueeze(representation.value, -3) : representation.value;
  const hidden = mlp(view, value, 'tower', tower, context.mode);
  return new Map(
    families.map(({ key, width, start, heads }) => {
      const own =
        hidden.shape.at(-3) === heads.length ? hidden : slice(hidden, -3, start, start + heads.length);
      const [weight, bias] = outputParameters(context.set, key, heads, width, own.shape.at(-1) as number);
      const logits = affine(own, weight, bias);
      return [key, representation.axis === 'blocks' ? logits : tasksAfterRows(logits)];
    }),
  );
}

/** Without towers over one representation, all heads are one matrix product. */
function fusedHeads(value: Tensor, { set, families }: HeadContext): Logits {
  const heads = families.flatMap((family) => family.heads);
  const columns = heads.map(({ width }) => width);
  const total = columns.reduce((a, b) => a + b, 0);
  const owner = { kind: 'task-columns', tasks: heads.map(({ name }) => name), columns } as const;
  const fanIn = value.shape.at(-1) as number;
  const weight = set.declare({
    name: 'heads/weight',
    shape: [fanIn, total],
    initialiser: { kind: 'uniform', fanIn, gain: HEAD_GAIN },
    owner,
    decays: true,
  });
  const bias = set.declare({
    name: 'heads/bias',
    shape: [1, total],
    initialiser: { kind: 'values', values: heads.flatMap(({ initialBias }) => initialBias) },
    owner,
    decays: false,
  });
  const logits = affine(value, weight, bias);
  const parts = split(
    logits,
    families.map((family) => family.width * family.heads.length),
    -1,
  );
  return new Map(
    families.map(({ key, width, heads: own }, i) => [
      key,
      reshape(parts[i]!, [...parts[i]!.shape.slice(0, -1), own.length, width]),
    ]),
  );
}

/** Small output weights: predictions start at the constant baseline, which the bias holds. */
const HEAD_GAIN = 0.1;

/** How far a task's head may stray: its deviation is scaled so that few rows move it little. */
export const DEVIATION = 0.1;

/**
 * Rows of one task each. Through a trunk that tasks share, logits = h (W₀ + s W_task) + b₀ + b_task: a common head and
 * each task's own deviation from it, which starts at zero (T. Evgeniou, M. Pontil: Regularized multi-task learning.
 * KDD 2004). A batch of any mix of tasks is one product.
 */
function rowHeads(representation: Representation, { set, families, tower, mode }: HeadContext): Logits {
  const { key, width, heads } = families[0]!;
  const task = representation.task!;
  const names = heads.map(({ name }) => name);
  const rows = representation.perTask ? representation.value : unsqueeze(representation.value, -2);
  const hidden = mlp(rowView(set, 'heads', names, task), rows, 'tower', tower, mode);
  const fanIn = hidden.shape.at(-1) as number;
  const [weight, bias] = representation.perTask
    ? outputParameters(set, key, heads, width, fanIn)
    : deviationParameters(set, key, names, width, fanIn);
  const own = affine(hidden, pickTask(weight, task, set.lead), pickTask(bias, task, set.lead));
  const logits = reshape(own, [...own.shape.slice(0, -2), width]);
  return new Map([
    [key, representation.perTask ? logits : add(logits, commonHead(set, representation.value, heads))],
  ]);
}

/** The head that all tasks of a long problem share; it starts at their mean base rate. */
function commonHead(set: ParameterSet, value: Tensor, heads: readonly HeadSpec[]): Tensor {
  const width = heads[0]!.width;
  const fanIn = value.shape.at(-1) as number;
  const rate = (k: number): number =>
    heads.reduce((sum, head) => sum + head.initialBias[k]!, 0) / heads.length;
  const view = sharedView(set, 'heads/common');
  const weight = view.parameter('weight', [fanIn, width], {
    initialiser: { kind: 'uniform', fanIn, gain: HEAD_GAIN },
  });
  const values = Array.from({ length: width }, (_, k) => rate(k));
  const bias = view.parameter('bias', [1, width], { initialiser: { kind: 'values', values }, decays: false });
  return affine(value, weight, bias);
}

function deviationParameters(
  set: ParameterSet,
  family: string,
  tasks: readonly string[],
  width: number,
  fanIn: number,
): [Tensor, Tensor] {
  const declare = (name: string, rows: number, decays: boolean): Tensor =>
    set.declare({
      name: `heads/${family}/${name}`,
      shape: [tasks.length, rows, width],
      initialiser: { kind: 'zeros' },
      owner: { kind: 'task', tasks },
      decays,
    });
  return [mul(declare('deviation', fanIn, true), DEVIATION), declare('offset', 1, false)];
}

function outputParameters(
  set: ParameterSet,
  family: string,
  heads: readonly HeadSpec[],
  width: number,
  fanIn: number,
): [Tensor, Tensor] {
  const owner = { kind: 'task', tasks: heads.map(({ name }) => name) } as const;
  const weight = set.declare({
    name: `heads/${family}/weight`,
    shape: [heads.length, fanIn, width],
    initialiser: { kind: 'uniform', fanIn, gain: HEAD_GAIN },
    owner,
    decays: true,
  });
  const bias = set.declare({
    name: `heads/${family}/bias`,
    shape: [heads.length, 1, width],
    initialiser: { kind: 'values', values: heads.flatMap(({ initialBias }) => initialBias) },
    owner,
    decays: false,
  });
  return [weight, bias];
}

/** [..., tasks, batch, width] → [..., batch, tasks, width]. */
function tasksAfterRows(logits: Tensor): Tensor {
  const axes = logits.shape.map((_, axis) => axis);
  const [tasks, batch, width] = axes.slice(-3) as [number, number, number];
  return transpose(logits, [...axes.slice(0, -3), batch, tasks, width]);
}
