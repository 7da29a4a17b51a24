import { substitute } from '../engine/graph.ts';
import { gradient, mul, reduceSum, type Tensor } from '../engine/index.ts';
import type { Parameter } from '../model/parameter.ts';
import { aggregatedGradients } from './aggregated-gradients.ts';
import { batchesOf, heldGradients, withBeside } from './asked-gradients.ts';
import type { StepExtras } from './carried.ts';
import { isShared } from './compared.ts';
import type { TableInStep } from './lazy-tables.ts';
import { type ObjectiveInStep, sumOf } from './objective-in-step.ts';
import type { StepLosses } from './step-losses.ts';
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
export interface Descended extends StepLosses {
  readonly objective: ObjectiveInStep;
}

/** What a step differentiates by, and how. */
export interface Differentiated {
  /** Parameters that the step carries whole. */
  readonly carried: readonly Parameter[];
  /** In their order. */
  readonly leaves: readonly Tensor[];
  /** What stands for the lookups of tables of which the step carries the used rows alone. */
  readonly rows: ReadonlyMap<Tensor, Tensor>;
  readonly tables: readonly TableInStep[];
  /** Whether the weights of an aggregation are asked for between the halves of the step, or given to it. */
  readonly answers: 'asked' | 'held';
}

/**
 * One backward pass of Σ wₜLₜ, or, with an aggregation, one that carries all tasks through the shared parameters, while
 * what a task owns follows its own weighted loss.
 */
export function differentiate(
  spec: TrainingStepSpec,
  descended: Descended,
  { carried: parameters, leaves, rows, tables, answers }: Differentiated,
  lead: readonly number[],
): Slopes {
  const { objective, penalty, reported } = descended;
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
    const extras = objective.extras.carried;
    substitute(
      extras.map(({ next }) => next),
      rows,
    ).forEach((next, i) => {
      extras[i]!.next = next;
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
    representation: descended.representation,
    readout: descended.readout,
    views: descended.views,
  };
  const found =
    answers === 'held'
      ? heldGradients(objective.terms, shared, lead)
      : aggregatedGradients(spec.objective, batchesOf(descended), shared, lead);
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
