import { list, number, text } from '../../common/options.ts';
import {
  add,
  concat,
  mul,
  reduceMean,
  reduceSum,
  relu,
  sigmoid,
  slice,
  softmax,
  split,
  sub,
  type Tensor,
} from '../../engine/index.ts';
import { applyHeads, type Logits } from '../heads.ts';
import { dense, mlpLayer } from '../layers.ts';
import { taskView } from '../view.ts';
import { joinTasks, pick, readTask } from './columns.ts';
import type { Flow, FlowContext } from './flow.ts';
import { checkPath } from './order.ts';

interface AitmOptions {
  readonly path: readonly string[];
  readonly strength: number;
}

/**
 * Adaptive information transfer: along a path of events, what a task's tower gives meets what the one before hands on,
 * z_t = Σ_u softmax_u(⟨k(u), q(u)⟩ / √H) v(u) over u ∈ {g(z_{t−1}), h_t}, z_1 = h_1, with linear k, q, v and a layer g;
 * a calibrator adds λ · mean over rows of Σ_t max(0, p_t − p_{t−1}).
 *
 * D. Xi et al.: Modeling the sequential dependence among audience multi-step conversions with multi-task learning in
 * targeted display advertising. KDD 2021.
 */
export const aitm: Flow<AitmOptions> = {
  name: 'aitm',
  title: 'Adaptive information transfer',
  about: 'Along a path of events a task’s tower learns how much to take over from the one before.',
  options: {
    path: list(text({ default: '', about: '' }), {
      default: [],
      about: 'Binary tasks, first to last, each of which happens only where the one before does.',
    }),
    strength: number({
      default: 0.6,
      about: 'λ of the calibrator, which punishes a later event that is likelier than an earlier one.',
    }),
  },
  check: ({ path }, { heads }) => checkPath(path, heads, ['binary']),
  logits: (representation, context, { path, strength }) => {
    const between = (hidden: Tensor): Tensor => transfer(hidden, path, context);
    const logits = applyHeads(representation, { ...context, between });
    if (strength > 0) context.penalise(mul(disorder(logits, path, context), strength));
    return logits;
  },
};

/** z of every task: hidden [..., tasks or 1, batch, H] → [..., tasks, batch, H]. */
function transfer(hidden: Tensor, path: readonly string[], context: FlowContext): Tensor {
  const tasks = context.axis.tasks;
  const differ = hidden.shape.at(-3) !== 1;
  const own = (task: string): Tensor => {
    const at = tasks.indexOf(task);
    return differ ? slice(hidden, -3, at, at + 1) : hidden;
  };
  let before = own(path[0]!);
  const reached = path.slice(1).map((task) => {
    before = attend(before, own(task), task, context);
    return before;
  });
  const order = tasks.map((task, t) => {
    const step = path.indexOf(task) - 1;
    const place = differ ? t : 0;
    return step < 0 ? place : (differ ? tasks.length : 1) + step;
  });
  return pick(joinTasks([hidden, ...reached]), order, -3);
}

/** Attention over the two tokens; all values [..., 1, batch, H]. */
function attend(before: Tensor, own: Tensor, task: string, { set, mode, tower }: FlowContext): Tensor {
  const view = taskView(set, 'heads/transfer', [task]);
  const width = own.shape.at(-1) as number;
  const handed = mlpLayer(view, before, `${task}/g`, width, tower, mode);
  const tokens = [handed, own].map((token) => {
    const projected = dense(view, token, { name: `${task}/projections`, units: 3 * width });
    const [value, key, query] = split(projected, [width, width, width], -1) as [Tensor, Tensor, Tensor];
    return { value, score: reduceSum(mul(key, query), -1, { keepDims: true }) };
  });
  const scores = concat(
    tokens.map(({ score }) => score),
    -1,
  );
  const weights = split(softmax(mul(scores, 1 / Math.sqrt(width))), [1, 1], -1);
  return add(mul(tokens[0]!.value, weights[0]!), mul(tokens[1]!.value, weights[1]!));
}

/** Σ_t max(0, p_t − p_{t−1}), the mean over rows: [...lead]. */
function disorder(logits: Logits, path: readonly string[], { families }: FlowContext): Tensor {
  const chances = sigmoid(
    concat(
      path.map((task) => readTask(logits, families, task)),
      -1,
    ),
  );
  const later = slice(chances, -1, 1, path.length);
  const earlier = slice(chances, -1, 0, path.length - 1);
  return reduceMean(reduceSum(relu(sub(later, earlier)), -1), -1);
}
