import { rank, type Shape, sameShape, type Tensor } from '../tensor.ts';
import { reduceSum } from './reduce.ts';
import { expand, reshape } from './shape.ts';

/** How many extra leading axes a cotangent carries beyond the output it belongs to. */
export function leadingAxes(cotangent: Tensor, output: Tensor): number {
  return rank(cotangent) - rank(output);
}

/** The leading sizes of a cotangent, a task axis or nothing. */
export function leadOf(cotangent: Tensor, output: Tensor): Shape {
  return cotangent.shape.slice(0, leadingAxes(cotangent, output));
}

/**
 * The transpose of broadcasting: sums a cotangent over the axes along which `shape` was stretched,
 * leaving its first `lead` axes alone.
 */
export function unbroadcast(cotangent: Tensor, shape: Shape, lead: number): Tensor {
  const own = rank(cotangent) - lead;
  const added = own - shape.length;
  const axes: number[] = [];
  for (let axis = 0; axis < own; axis++) {
    const target = axis < added ? undefined : shape[axis - added];
    if (target === undefined || (target === 1 && cotangent.shape[lead + axis] !== 1)) axes.push(axis - own);
  }
  const summed = axes.length === 0 ? cotangent : reduceSum(cotangent, axes, { keepDims: true });
  if (added === 0) return summed;
  return reshape(summed, [...cotangent.shape.slice(0, lead), ...shape]);
}

/** Stretches a cotangent to `shape`, keeping its leading axes. */
export function broadcastTo(cotangent: Tensor, shape: Shape, lead: Shape): Tensor {
  return expand(cotangent, [...lead, ...shape]);
}

/**
 * What a tensor was before its first axes were stretched or put in front of a matrix: an operator that broadcasts does
 * that by itself. The tensor itself where nothing was.
 */
export function unstretched(x: Tensor): Tensor {
  const { operator, inputs } = x.node;
  const [from] = inputs;
  if (operator.name === 'expand' && sameShape(from!.shape.slice(-2), x.shape.slice(-2))) return from!;
  if (operator.name !== 'reshape' || rank(x) < 3 || x.shape[0] !== 1) return x;
  const ones = x.shape.slice(0, -2).findIndex((dim) => dim !== 1);
  return reshape(from!, x.shape.slice(ones < 0 ? -2 : ones));
}
