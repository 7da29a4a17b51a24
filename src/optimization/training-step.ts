import type { MediatedStep, Step } from '../engine/index.ts';
import type { Optimiser } from '../engine/optimiser/optimiser.ts';
import type { ParameterLayout } from '../engine/optimiser/parameters.ts';
import type { ModelSignature, ModelSpec } from '../model/model.ts';
import type { Parameter } from '../model/parameter.ts';
import type { BatchLayout } from '../model/task-axis.ts';
import { type ChosenObjective, chooseObjective } from '../objective/index.ts';
import type { FittedTask } from '../problem/index.ts';
import { assembleStep } from './assemble-step.ts';
import type { Noise } from './carried.ts';

export { THETA } from './carried.ts';

import type { LazyTable } from './lazy-tables.ts';
import { factsOf, objectiveInStep } from './objective-in-step.ts';
import { stepLosses } from './step-losses.ts';

/** Everything that shapes the graph of a training step. */
export interface TrainingStepSpec {
  readonly model: ModelSpec;
  readonly signature: ModelSignature;
  /** In the order of the model's heads. */
  readonly tasks: readonly FittedTask[];
  readonly layout: BatchLayout;
  /** Replicas trained side by side. */
  readonly seeds: number;
  readonly optimiser: Optimiser;
  readonly clipNorm?: number;
  /**
   * What has a learning rate and a clipped norm of its own: each replica, or, where nothing is shared, each task of
   * each replica.
   */
  readonly groups: 'replica' | 'task';
  /** Rows of the table that the batches index. */
  readonly tableRows: number;
  /** Rows a replica sees in one step; a multiple of the number of tasks for blocks. */
  readonly rowsPerStep: number;
  readonly labelColumns: number;
  /** Elements of a table from which on it is updated lazily; default `LAZY_ELEMENTS`. */
  readonly lazyFrom?: number;
  /** How losses and gradients become one direction; default: equal weights. */
  readonly objective?: ChosenObjective;
}

export interface TrainingStep {
  readonly step: Step;
  /** Where the host decides between two halves of the step: what it is asked, and the leaves of its answers. */
  readonly mediation?: Pick<MediatedStep, 'asked' | 'answers' | 'held'>;
  /** What is carried beside θ and its slots, and drawn by the host for each step. */
  readonly carried: readonly CarriedState[];
  readonly noises: readonly Noise[];
  /** Of the validation rows of a step, with the replica axis, where the objective looks at them. */
  readonly validationShape?: readonly number[];
  /** Of all parameters: θ and the optimiser's slots as they are kept. */
  readonly layout: ParameterLayout;
  readonly parameters: readonly Parameter[];
  /** θ and the slots by name. */
  readonly states: readonly string[];
  /** Of the parameters that the step carries whole. */
  readonly dense: ParameterLayout;
  /** Of the other ones the step carries the rows that its chunk uses. */
  readonly tables: readonly LazyTable[];
}

/** A state of the objective: its shape with the replica axis, and how it starts. */
export interface CarriedState {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Float32Array;
}

/**
 * One step of training as graph: rows picked by index → model → task losses → Σ wᵢLᵢ → one backward pass →
 * clipping → optimiser, over parameters packed into θ [seeds, n] and the used rows of large embedding tables.
 */
export function buildTrainingStep(spec: TrainingStepSpec): TrainingStep {
  const lead = spec.seeds === 1 ? [] : [spec.seeds];
  const chosen = spec.objective ?? chooseObjective('equal');
  const losses = stepLosses(spec, lead, chosen);
  const objective = objectiveInStep(chosen, losses.losses, factsOf(spec.tasks), lead);
  const built = assembleStep(spec, { ...losses, objective }, lead, 'asked');
  if (built.mediation === undefined || !holdsAhead(chosen)) return built;
  const held = assembleStep(spec, { ...losses, objective }, lead, 'held').step;
  return { ...built, mediation: { ...built.mediation, held } };
}

/** Whether there are steps of which an aggregation knows the weights beforehand. */
function holdsAhead({ aggregation, by }: ChosenObjective): boolean {
  const { every = 1, warmup = 0 } = aggregation!.options as { every?: number; warmup?: number };
  return by === 'whole' && aggregation!.aggregation.ahead !== undefined && (every > 1 || warmup > 0);
}
