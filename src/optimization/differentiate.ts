import { substitute } from '../engine/graph.ts';
import { gradient, mul, reduceSum, type Tensor } from '../engine/index.ts';
import type { Parameter } from '../model/parameter.ts';
import { aggregatedGradients, isShared, withBeside } from './aggregated-gradients.ts';
import type { StepExtras } from './carried.ts';
import type { TableInStep } from './lazy-tables.ts';
import type { TaskLosses } from './losses.ts';
import { type ObjectiveInStep, sumOf } from './objective-in-step.ts';
import type { TrainingStepSpec } from './training-step.ts';

/** The gradients of a step, and what they say of tasks. */
export interface Slopes {
  /** By the parameters that the step carries whole, in their order. */
  readonly packed: readonly Tensor[];
  readonly tables: readonly Tensor[];
  /** By the weighting's own parameters. */
  readonly own: readonly Tensor[];
  /** The losses as they are told outside, over the rows that lazily updated tables lend. */
  readonly reported: Tensor;
  readonly watched: Readonly<Record<string, Tensor>>;
  readonly asked?: Readonly<Record<string, Tensor>>;
  readonly answer?: Tensor;
  readonly extras: readonly StepExtras[];
}

/** What a step descends, before anything is differentiated. */
export interface Descended {
  readonly objective: ObjectiveInStep;
  readonly losses: TaskLosses;
  /** Summed over replicas, which do not meet. */
  readonly penalty: Tensor | undefined;
  readonly representation: Tensor | undefined;
  /** The losses as they are told outside. */
  readonly reported: Tensor;
}

/**
 * One backward pass of Σ wₜLₜ, or, with an aggregation, one that carries all tasks through the shared parameters, while
 * what a task owns follows its own weighted loss.
 */
export function differentiate(
  spec: TrainingStepSpec,
  { objective, losses, penalty, representation, reported }: Descended,
  parameters: readonly Parameter[],
  leaves: readonly Tensor[],
  lead: readonly number[],
  rows: ReadonlyMap<Tensor, Tensor>,
  tables: readonly TableInStep[],
): Slopes {
  const beside = sumOf([objective.beside, penalty]);
  const total = sumOf([reduceSum(objective.terms), beside])!;
  const ownLeaves = objective.parameters.map(({ leaf }) => leaf);
  if (spec.objective?.aggregation === undefined) {
    const [told, loss, weights] = substitute([reported, total, objective.weights], rows) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    // What the weighting carries on looks at the losses too.
    const { carried } = objective.extras;
    substitute(
      carried.map(({ next }) => next),
      rows,
    ).forEach((next, i) => {
      carried[i]!.next = next;
    });
    const all = gradient(loss, [...leaves, ...tables.map((table) => table.lazy.rows), ...ownLeaves]);
    return {
      packed: all.slice(0, leaves.length),
      tables: all.slice(leaves.length, leaves.length + tables.length),
      own: all.slice(leaves.length + tables.length),
      reported: told,
      watched: { weights },
      extras: [],
    };
  }
  const places = parameters.flatMap((parameter, i) => (isShared(parameter) ? [i] : []));
  const shared = {
    names: places.map((i) => parameters[i]!.name),
    leaves: places.map((i) => leaves[i]!),
    representation,
  };
  const found = aggregatedGradients(spec.objective, objective.terms, losses, shared, lead);
  const directions = withBeside(found.gradients, beside, shared.leaves);
  const rest = leaves.filter((_, i) => !places.includes(i));
  const others = gradient(total, [...rest, ...ownLeaves]);
  let next = 0;
  const packed = leaves.map((_, i) => {
    const place = places.indexOf(i);
    return place >= 0 ? directions[place]! : others[next++]!;
  });
  return {
    packed,
    tables: [],
    own: others.slice(rest.length),
    reported,
    watched: {
      weights: found.weights === undefined ? objective.weights : mul(objective.weights, found.weights),
      gramian: found.gramian,
    },
    ...(found.asked && { asked: found.asked }),
    ...(found.answer && { answer: found.answer }),
    extras: [found.extras],
  };
}
