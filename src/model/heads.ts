import {
  add,
  expand,
  rank,
  reshape,
  slice,
  split,
  squeeze,
  type Tensor,
  transpose,
  unsqueeze,
} from '../engine/index.ts';
import { affine, type MlpOptions, type Mode, mlp } from './layers.ts';
import { addOffset } from './logit-offset.ts';
import { commonHead, deviationParameters, HEAD_GAIN, outputBias, outputParameters } from './output-layer.ts';
import type { ParameterSet } from './parameter.ts';
import type { Representation } from './sharing/sharing.ts';
import type { TaskAxis } from './task-axis.ts';
import { type LayerView, pickTask, sharedView } from './view.ts';

/** What a head must know of its task. */
export interface HeadSpec {
  readonly name: string;
  /** Tasks of equal family have heads of one width and one loss, and are computed together. */
  readonly family: string;
  readonly width: number;
  /** Logits of the constant baseline, from which training starts. */
  readonly initialBias: readonly number[];
  /** The kind of its task, such as `binary`; for what fits some kinds alone. */
  readonly kind?: string;
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
  readonly axis: TaskAxis;
  readonly families: readonly Family[];
  readonly tower: MlpOptions;
  readonly mode: Mode;
  /** The task of each row, where rows have one. */
  readonly task?: Tensor | undefined;
  /** What parameters are called after; heads of a part of the tasks have their own. */
  readonly prefix?: string;
  /** Stands between the towers and the output layers: what all towers give, in own form, to the same of all tasks. */
  readonly between?: (hidden: Tensor) => Tensor;
  /** Is told of heads that are one product. */
  readonly onReadout?: (readout: Readout) => void;
}

/** Linear heads of all tasks over one representation, as one product. */
export interface Readout {
  /** [...lead, batch, columns] */
  readonly logits: Tensor;
  /** [...lead, H, columns] */
  readonly weight: Tensor;
  /** How many columns each task has, in their order. */
  readonly columns: readonly number[];
}

/** Logits of a family: [..., batch, tasks, width] for wide rows, [..., batch, width] for rows of one task each. */
export type Logits = ReadonlyMap<string, Tensor>;

/** The tower and the output layer of every task, and what the sharing adds to their logits. */
export function applyHeads(representation: Representation, context: HeadContext): Logits {
  const logits = headLogits(representation, context);
  return representation.offset === undefined ? logits : addOffset(logits, representation.offset, context);
}

function headLogits({ value, heads, headView }: Representation, context: HeadContext): Logits {
  const { axis, tower, between } = context;
  if (headView !== undefined && axis.layout !== 'wide') return viewedHeads(value, headView, context);
  if (heads === 'shared') return sharedHeads(value, context);
  if (heads === 'leaning' && axis.layout !== 'wide') return leaningHeads(value, context);
  if (axis.layout === 'rows') return ownRowHeads(value, context);
  if (!axis.isOwn(value) && tower.hidden.length === 0 && between === undefined)
    return fusedHeads(value, context);
  return ownHeads(axis.own(value), context);
}

const sameHidden = (hidden: Tensor): Tensor => hidden;

/** Batched products over the task axis. */
function ownHeads(value: Tensor, context: HeadContext): Logits {
  const { set, axis, families, tower, mode, prefix = HEADS, between = sameHidden } = context;
  const hidden = between(mlp(axis.view(prefix), value, 'tower', tower, mode));
  return new Map(
    families.map(({ key, width, start, heads }) => {
      const own = tasksOf(hidden, start, heads.length);
      const name = `${prefix}/${key}`;
      const [weight, bias] = outputParameters(set, name, heads, width, own.shape.at(-1) as number);
      const logits = affine(own, weight, bias);
      return [key, axis.layout === 'blocks' ? logits : tasksAfterRows(logits)];
    }),
  );
}

/** A family's part of a value in own form; all of it where tasks do not differ yet. */
function tasksOf(hidden: Tensor, start: number, count: number): Tensor {
  const tasks = hidden.shape.at(-3);
  return tasks === count || tasks === 1 ? hidden : slice(hidden, -3, start, start + count);
}

/** Without towers over one representation, all heads are one matrix product. */
function fusedHeads(value: Tensor, { set, families, prefix = HEADS, onReadout }: HeadContext): Logits {
  const heads = families.flatMap((family) => family.heads);
  const columns = heads.map(({ width }) => width);
  const total = columns.reduce((a, b) => a + b, 0);
  const owner = { kind: 'task-columns', tasks: heads.map(({ name }) => name), columns } as const;
  const fanIn = value.shape.at(-1) as number;
  const weight = set.declare({
    name: `${prefix}/weight`,
    shape: [fanIn, total],
    initialiser: { kind: 'uniform', fanIn, gain: HEAD_GAIN },
    owner,
    decays: true,
  });
  const bias = set.declare({
    name: `${prefix}/bias`,
    shape: [1, total],
    initialiser: { kind: 'values', values: heads.flatMap(({ initialBias }) => initialBias) },
    owner,
    decays: false,
  });
  const logits = affine(value, weight, bias);
  onReadout?.({ logits, weight, columns });
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

const HEADS = 'heads';

/** Rows of one task each, through nothing but what their task owns. */
function ownRowHeads(value: Tensor, { set, axis, families, tower, mode, task }: HeadContext): Logits {
  const { key, width, heads } = families[0]!;
  const hidden = mlp(axis.view('heads'), axis.own(value), 'tower', tower, mode);
  const parameters = outputParameters(set, `${HEADS}/${key}`, heads, width, hidden.shape.at(-1) as number);
  return new Map([[key, rowProduct(hidden, parameters, task!, set)]]);
}

/** Rows of one task each, through towers and output weights that a sharing sees to. */
function viewedHeads(value: Tensor, view: LayerView, context: HeadContext): Logits {
  const { set, axis, families, tower, mode, task } = context;
  const { key, width, heads } = families[0]!;
  const hidden = mlp(view, axis.own(value), 'tower', tower, mode);
  const fanIn = hidden.shape.at(-1) as number;
  const weight = view.parameter('weight', [fanIn, width], {
    initialiser: { kind: 'uniform', fanIn, gain: HEAD_GAIN },
    rank: rank(hidden),
  });
  const bias = outputBias(set, `${HEADS}/${key}`, heads, width);
  if (axis.layout === 'blocks') return new Map([[key, affine(hidden, weight, bias)]]);
  return new Map([[key, squeeze(affine(hidden, weight, pickTask(bias, task!, set.lead)), -2)]]);
}

/**
 * Rows of one task each. Through a trunk that tasks share, logits = h (W₀ + s W_task) + b₀ + b_task: a common head and
 * each task's own deviation from it, which starts at zero (T. Evgeniou, M. Pontil: Regularized multi-task learning.
 * KDD 2004). A batch of any mix of tasks is one product.
 */
function leaningHeads(value: Tensor, { set, axis, families, tower, mode, task }: HeadContext): Logits {
  const { key, width, heads } = families[0]!;
  const names = heads.map(({ name }) => name);
  const hidden = mlp(axis.view('heads'), axis.own(value), 'tower', tower, mode);
  const parameters = deviationParameters(set, key, names, width, hidden.shape.at(-1) as number);
  const rowwise = axis.layout === 'rows';
  const common = commonHead(
    sharedView(set, 'heads/common'),
    rowwise && axis.isOwn(value) ? squeeze(value, -2) : value,
    heads,
  );
  const own = rowwise ? rowProduct(hidden, parameters, task!, set) : affine(hidden, ...parameters);
  return new Map([[key, add(own, common)]]);
}

/** h [..., batch, 1, in] through the output layer of each row's task: [..., batch, width]. */
function rowProduct(
  hidden: Tensor,
  [weight, bias]: readonly [Tensor, Tensor],
  task: Tensor,
  set: ParameterSet,
): Tensor {
  return squeeze(affine(hidden, pickTask(weight, task, set.lead), pickTask(bias, task, set.lead)), -2);
}

/** One tower for all tasks, and an output layer for all tasks of a family. */
function sharedHeads(value: Tensor, context: HeadContext): Logits {
  const { set, axis, families, tower, mode, prefix = HEADS, between } = context;
  const rows = axis.layout === 'rows' && axis.isOwn(value) ? squeeze(value, -2) : value;
  const common = mlp(sharedView(set, prefix), rows, 'tower', tower, mode);
  const hidden = between === undefined ? common : between(axis.own(common));
  return new Map(
    families.map(({ key, start, heads }) => {
      const view = sharedView(set, `${prefix}/${key}`);
      if (axis.layout === 'rows') return [key, commonHead(view, hidden, heads)];
      if (!axis.isOwn(hidden)) {
        const logits = unsqueeze(commonHead(view, hidden, heads), -2);
        return [key, expand(logits, [...logits.shape.slice(0, -2), heads.length, logits.shape.at(-1)!])];
      }
      const logits = commonHead(view, tasksOf(hidden, start, heads.length), heads);
      return [key, axis.layout === 'blocks' ? logits : tasksAfterRows(logits)];
    }),
  );
}

/** [..., tasks, batch, width] → [..., batch, tasks, width]. */
function tasksAfterRows(logits: Tensor): Tensor {
  const axes = logits.shape.map((_, axis) => axis);
  const [tasks, batch, width] = axes.slice(-3) as [number, number, number];
  return transpose(logits, [...axes.slice(0, -3), batch, tasks, width]);
}
