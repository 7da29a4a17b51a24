import { add, input, reduceSum, type Tensor } from '../engine/index.ts';
import type { ChosenObjective, TaskFacts, ValidationRequest } from '../objective/index.ts';
import { weigh } from '../objective/index.ts';
import type { FittedTask } from '../problem/index.ts';
import { type Carried, StepExtras } from './carried.ts';
import type { TaskLosses } from './losses.ts';

/** The objective of a step as graph, before anything is differentiated. */
export interface ObjectiveInStep {
  /** wₜLₜ, [...lead, T]: each task's own term. */
  readonly terms: Tensor;
  /** [...lead, T] */
  readonly weights: Tensor;
  /** What no task's term holds: what the weighting's own parameters descend. A sum over replicas, which do not meet. */
  readonly beside?: Tensor;
  /** Parameters of the weighting itself, trained with θ. */
  readonly parameters: readonly Carried[];
  readonly extras: StepExtras;
  /** Those who want the losses of the same batch after the update. */
  readonly afterwards: readonly ((after: Tensor) => void)[];
  /** Those who want to know how losses change along the gradient of validation losses. */
  readonly alongside: readonly Alongside[];
}

export interface Alongside {
  readonly request: ValidationRequest;
  use(slopes: Tensor): void;
}

/** The input of a step that a weighting's `epochInputs` give. */
export const epochInputName = (name: string): string => `objective/epoch/${name}`;

/**
 * Builds the weighting of losses into a step.
 *
 * @param facts in the order of the model's heads
 */
export function objectiveInStep(
  { weighting }: ChosenObjective,
  { losses, present }: TaskLosses,
  facts: readonly TaskFacts[],
  lead: readonly number[],
): ObjectiveInStep {
  const extras = new StepExtras('objective', lead);
  const parameters: Carried[] = [];
  const afterwards: ((after: Tensor) => void)[] = [];
  const alongside: Alongside[] = [];
  const { terms, weights, learns } = weigh(weighting, {
    losses,
    present,
    tasks: facts,
    lead,
    parameter: (name, initial) => {
      const own = new StepExtras('objective/parameter', lead).carry(name, initial);
      parameters.push(own);
      return own.leaf;
    },
    state: (name, initial) => extras.carry(name, initial).leaf,
    next: (name, value) => extras.follow(name, value),
    epochInput: (name, size) => input(epochInputName(name), [...lead, size], { role: 'step' }),
    noise: (name, size) => extras.noise(name, size),
    lossesAfter: (use) => void afterwards.push(use),
    alongValidation: (request, use) => void alongside.push({ request, use }),
  });
  return {
    terms,
    weights,
    parameters,
    extras,
    afterwards,
    alongside,
    ...(learns && { beside: reduceSum(learns) }),
  };
}

/** What a weighting may know of the tasks of a run. */
export function factsOf(tasks: readonly FittedTask[]): TaskFacts[] {
  return tasks.map(({ name, labelled }) => ({ name, rows: labelled }));
}

/** The sum of what is there. */
export function sumOf(parts: readonly (Tensor | undefined)[]): Tensor | undefined {
  const there = parts.filter((part) => part !== undefined);
  return there.length === 0 ? undefined : there.reduce((a, b) => add(a, b));
}
