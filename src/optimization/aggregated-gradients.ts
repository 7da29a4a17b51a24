import { PolytaskError } from '../common/error.ts';
import {
  add,
  concat,
  gradient,
  input,
  jacobian,
  matmul,
  mul,
  rank,
  reduceSum,
  reshape,
  split,
  squeeze,
  type Tensor,
  transpose,
  unsqueeze,
} from '../engine/index.ts';
import type { Parameter } from '../model/parameter.ts';
import { type ChosenObjective, GRAMIAN, LOSSES, PRESENT, WEIGHTS } from '../objective/index.ts';
import { StepExtras } from './carried.ts';
import type { TaskLosses } from './losses.ts';

/** What an aggregation compares and directs. */
export interface SharedLeaves {
  /** Parameters that tasks share, in the order in which the model declares them. */
  readonly names: readonly string[];
  readonly leaves: readonly Tensor[];
  /** The shared representation [...lead, batch, H], where there is one. */
  readonly representation?: Tensor | undefined;
}

export interface AggregatedGradients {
  /** In the order of the shared leaves. */
  readonly gradients: readonly Tensor[];
  /** αₜ, [...lead, T], where the direction is Σ αₜ gₜ. */
  readonly weights?: Tensor;
  /** [...lead, T, T] */
  readonly gramian: Tensor;
  /** What the host is asked between the halves of the step, and the leaf of its answer; absent for a direction. */
  readonly asked?: Readonly<Record<string, Tensor>>;
  readonly answer?: Tensor;
  readonly extras: StepExtras;
}

/**
 * The direction of the shared parameters by an aggregation of the tasks' gradients. J comes from one backward pass that
 * carries all tasks on an axis; the Gramian goes to the host, and its weights come back to J.
 *
 * @param terms each task's weighted loss, [...lead, T]
 */
export function aggregatedGradients(
  { aggregation, over }: ChosenObjective,
  terms: Tensor,
  { losses, present }: TaskLosses,
  shared: SharedLeaves,
  lead: readonly number[],
): AggregatedGradients {
  checkCompared({ over }, shared);
  const { aggregation: method, options } = aggregation!;
  const extras = new StepExtras('aggregation', lead);
  const tasks = terms.shape.at(-1) as number;
  // Replicas do not meet: the Jacobian of their sum holds each one's own rows.
  const vector = lead.length === 0 ? terms : reduceSum(terms, 0);
  const compared = over === 'shared' ? shared.leaves : comparedBy(over, shared);
  const rows = packRows(jacobian(vector, compared), tasks, lead);
  const context = {
    losses,
    present,
    lead,
    state: (name: string, initial: readonly number[]) => extras.carry(name, initial).leaf,
    next: (name: string, value: Tensor) => extras.follow(name, value),
    noise: (name: string, size: number) => extras.noise(name, size),
    zeros: (name: string, shape: readonly number[]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return extras.carry(name, new Array<number>(size).fill(0), shape).leaf;
    },
  };
  const own = method.transform?.(rows, context, options) ?? rows;
  const gramian = matmul(own, own, { transposeB: true });
  if (method.direction !== undefined) {
    const { direction, weights } = method.direction(own, context, options);
    const gradients = unpackRow(direction, shared.leaves, lead);
    return { gradients, gramian, extras, ...(weights && { weights }) };
  }
  const answer = input(WEIGHTS, [...lead, tasks], { role: 'step' });
  const gradients =
    over === 'shared'
      ? unpackRow(squeeze(matmul(unsqueeze(answer, -2), own), -2), shared.leaves, lead)
      : gradient(reduceSum(mul(terms, answer)), shared.leaves);
  const asked = { [GRAMIAN]: gramian, [LOSSES]: losses, [PRESENT]: present };
  return { gradients, weights: answer, gramian, asked, answer, extras };
}

/** What stands for all shared parameters when gradients are compared. */
function comparedBy(
  over: 'last' | 'representation',
  { names, leaves, representation }: SharedLeaves,
): Tensor[] {
  if (over === 'last') {
    const last = names.findLast((name) => !name.startsWith('heads/')) ?? names.at(-1)!;
    const layer = last.slice(0, last.lastIndexOf('/'));
    return leaves.filter((_, i) => names[i]!.startsWith(`${layer}/`));
  }
  return [representation!];
}

/** Whether an aggregation directs a parameter: what no task owns. */
export const isShared = ({ owner }: Parameter): boolean => owner.kind === 'shared' || owner.kind === 'expert';

/**
 * Refuses to compare gradients where there is nothing to compare them over.
 *
 * @throws `objective-invalid`
 */
export function checkCompared(
  { over }: Pick<ChosenObjective, 'over'>,
  { names, representation }: Pick<SharedLeaves, 'names' | 'representation'>,
): void {
  if (names.length === 0)
    throw new PolytaskError('objective-invalid', {
      path: 'objective',
      expected: 'a sharing in which tasks have parameters in common',
      found: 'an aggregation of gradients, and nothing that is shared',
      help: 'Use a weighting of losses, or another --sharing.',
    });
  if (over === 'representation' && representation === undefined)
    throw new PolytaskError('objective-invalid', {
      path: 'objective.over',
      expected: 'a sharing that hands one representation to all tasks',
      found: 'one in which each task has its own',
      help: 'Use over=last or over=shared, or --sharing shared-bottom.',
    });
}

/** Jacobians [T, ...lead, ...shape] side by side: [...lead, T, n]. */
function packRows(parts: readonly Tensor[], tasks: number, lead: readonly number[]): Tensor {
  const flat = parts.map((part) => {
    const size = (part.shape.slice(1 + lead.length) as number[]).reduce((a, b) => a * b, 1);
    return reshape(part, [tasks, ...lead, size]);
  });
  const packed = flat.length === 1 ? flat[0]! : concat(flat, -1);
  return lead.length === 0 ? packed : transpose(packed, [1, 0, 2]);
}

/** A direction [...lead, n] as gradients of the leaves. */
function unpackRow(direction: Tensor, leaves: readonly Tensor[], lead: readonly number[]): Tensor[] {
  const sizes = leaves.map(({ shape }) => (shape.slice(lead.length) as number[]).reduce((a, b) => a * b, 1));
  const parts = sizes.length === 1 ? [direction] : split(direction, sizes, rank(direction) - 1);
  return parts.map((part, i) => reshape(part, leaves[i]!.shape));
}

/** Adds what no task's term holds, such as a penalty, to the direction of the shared parameters. */
export function withBeside(
  gradients: readonly Tensor[],
  beside: Tensor | undefined,
  leaves: readonly Tensor[],
): readonly Tensor[] {
  if (beside === undefined) return gradients;
  const own = gradient(beside, leaves);
  return gradients.map((part, i) => add(part, own[i]!));
}
