import { PolytaskError } from '../common/error.ts';
import { substitute, topological } from './graph.ts';
import { constant, identity } from './leaf.ts';
import { add } from './operators/arithmetic.ts';
import { reduceSum } from './operators/reduce.ts';
import { expand, stack } from './operators/shape.ts';
import { formatShape, inScope, type Node, rank, type Shape, type Tensor } from './tensor.ts';

/**
 * ∂loss/∂w for every w, by reverse accumulation.
 *
 * @param loss a scalar, or a tensor whose elements are summed
 * @param wrt the tensors to differentiate by
 * @returns one tensor for each w, of its shape; zeros where the loss does not depend on it
 * @throws `gradient-undefined` through an operator that has no VJP
 * @example
 * const [dw] = gradient(reduceMean(square(sub(matmul(x, w), y))), [w]);
 */
export function gradient(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  const scalar = rank(loss) === 0 ? loss : reduceSum(loss);
  const seed = constant(1, { dtype: loss.dtype });
  return pullBack(scalar, seed, wrt).map((cotangent, i) => cotangent ?? zerosLike(wrt[i]!, []));
}

/**
 * Jᵀ's rows, ∂losses[t]/∂w for every task t and every w, in one backward pass whose cotangents carry the tasks on a
 * leading axis. The graph has the same number of nodes for any number of tasks.
 *
 * @param losses a tensor of shape [T], or T scalars
 * @returns for each w a tensor [T, ...shape of w]
 */
export function jacobian(losses: Tensor | readonly Tensor[], wrt: readonly Tensor[]): Tensor[] {
  const vector = 'node' in losses ? losses : stack(losses);
  const tasks = taskCount('jacobian', vector);
  return pullBack(vector, identity(tasks, vector.dtype), wrt).map(
    (cotangent, i) => cotangent ?? zerosLike(wrt[i]!, [tasks]),
  );
}

/**
 * The Jacobian where tasks own disjoint blocks of rows: the batch stands as [T, rows, …] and losses[t] depends on
 * block t alone. Every w is given a view per task, and one ordinary gradient by these views is the Jacobian, at the
 * cost of a gradient.
 *
 * @param losses a tensor of shape [T] computed from inputs with a leading axis of T blocks
 * @param wrt of the rank that puts a leading axis before the rows: a weight [in, out], a bias [1, out] (not [out])
 * @returns for each w a tensor [T, ...shape of w]
 */
export function blockJacobian(losses: Tensor, wrt: readonly Tensor[]): Tensor[] {
  const tasks = taskCount('blockJacobian', losses);
  const views = wrt.map((w) => expand(w, [tasks, ...w.shape]));
  const [viewed] = substitute([losses], new Map(wrt.map((w, i) => [w, views[i]!])));
  taskCount('blockJacobian', viewed!);
  return gradient(reduceSum(viewed!), views);
}

function taskCount(path: string, losses: Tensor): number {
  const [tasks] = losses.shape;
  if (rank(losses) === 1 && typeof tasks === 'number') return tasks;
  throw new PolytaskError('shape-mismatch', {
    path,
    expected: 'losses of shape [tasks]',
    found: formatShape(losses.shape),
    help: 'Reduce each task to one scalar and stack them.',
  });
}

function zerosLike(w: Tensor, lead: Shape): Tensor {
  return expand(constant(0, { dtype: w.dtype }), [...lead, ...w.shape]);
}

/** Pulls one cotangent of `output` back to every w; undefined where there is no path. */
function pullBack(output: Tensor, seed: Tensor, wrt: readonly Tensor[]): (Tensor | undefined)[] {
  const order = topological([output]);
  const targets = new Set(wrt);
  const relevant = dependents(order, targets);
  const reaches = (value: Tensor): boolean => relevant.has(value.node) || targets.has(value);
  const cotangents = new Map<Tensor, Tensor>([[output, seed]]);
  for (const node of order.reverse()) {
    if (!relevant.has(node)) continue;
    const received = node.outputs.map((value) => cotangents.get(value));
    if (received.every((g) => g === undefined)) continue;
    if (!node.inputs.some(reaches)) continue;
    if (node.operator.vjp === undefined)
      throw new PolytaskError('gradient-undefined', {
        path: path(node, node.operator.name),
        expected: 'an operator with a derivative',
        found: node.operator.name,
        help: 'Put stopGradient() around it, or use a differentiable operator.',
      });
    const { vjp } = node.operator;
    const parts = inScope(path(node, 'gradient'), () => vjp(node, received));
    node.inputs.forEach((value, i) => {
      const part = parts[i];
      if (part === undefined || !reaches(value)) return;
      const known = cotangents.get(value);
      const sum = known === undefined ? part : inScope(path(node, 'gradient'), () => add(known, part));
      cotangents.set(value, sum);
    });
  }
  return wrt.map((w) => cotangents.get(w));
}

const path = (node: Node, last: string): string => (node.scope === '' ? last : `${node.scope}/${last}`);

/** The nodes that depend on any w, those of the w themselves included. */
function dependents(order: readonly Node[], targets: ReadonlySet<Tensor>): Set<Node> {
  const relevant = new Set<Node>();
  for (const node of order) {
    const own = node.outputs.some((value) => targets.has(value));
    if (own || node.inputs.some((value) => relevant.has(value.node) || targets.has(value)))
      relevant.add(node);
  }
  return relevant;
}
