import { add, mul, reduceSum, sqrt, square, type Tensor } from '../engine/index.ts';
import { clipFactor } from '../engine/optimiser/clip.ts';
import type { ParameterLayout } from '../engine/optimiser/parameters.ts';
import type { TableInStep } from './lazy-tables.ts';
import { spreadOverTasks, squaresByTask, type TaskGroups } from './task-groups.ts';

/** The gradients of a step. */
export interface StepGradients {
  /** In the order of the layout: all that is packed into θ. */
  readonly packed: readonly Tensor[];
  /** By the rows that each lazily updated table uses, [used, width]. */
  readonly tables: readonly Tensor[];
}

export interface ClippedGradients {
  /** [...lead, n] */
  readonly packed: Tensor;
  readonly tables: readonly Tensor[];
}

/**
 * Packs gradients, and shrinks those of each group so that their norm over all that belongs to it, rows of tables
 * included, is at most a bound: a replica, or a network of its own, does not feel how long its neighbours' gradients
 * are.
 */
export function packClipped(
  gradients: StepGradients,
  maxNorm: number | undefined,
  layout: ParameterLayout,
  tables: readonly TableInStep[],
  groups: TaskGroups | undefined,
): ClippedGradients {
  const packed = layout.pack(new Map(layout.slices.map(({ name }, i) => [name, gradients.packed[i]!])));
  if (maxNorm === undefined) return { packed, tables: gradients.tables };
  const squares = [
    groups === undefined
      ? reduceSum(square(packed), -1, { keepDims: true })
      : squaresByTask(gradients.packed, groups),
    ...tables.map((table, i) => table.squares(gradients.tables[i]!)),
  ];
  const norm = sqrt(squares.reduce((a, b) => add(a, b)));
  const factor = clipFactor(norm, maxNorm);
  return {
    packed: mul(packed, groups === undefined ? factor : spreadOverTasks(factor, groups)),
    tables: tables.map((table, i) => mul(gradients.tables[i]!, table.ofGroup(factor))),
  };
}
