import { greater, maximum, mul, reduceSum, softmax, type Tensor, where } from '../../engine/index.ts';

/** Below this a loss counts as this much where it is divided by, or its logarithm is taken. */
export const TINY = 1e-12;

/** Lower than any loss, and finite. */
const LOW = -1e30;

/** x where the task is present, else a value that plays no part. */
export function among(x: Tensor, present: Tensor, otherwise: number = LOW): Tensor {
  return where(greater(present, 0), x, otherwise);
}

/** How many tasks are present, [..., 1], at least 1. */
export function countOf(present: Tensor): Tensor {
  return maximum(reduceSum(present, -1, { keepDims: true }), 1);
}

/** Softmax over the tasks that are present; 0 for the others. */
export function softmaxOf(x: Tensor, present: Tensor): Tensor {
  return mul(softmax(among(x, present)), present);
}

/** Losses that may be divided by. */
export function positive(losses: Tensor): Tensor {
  return maximum(losses, TINY);
}
