import type { Driver, TensorData } from '../engine/index.ts';
import type { OptimiserSpec, ScheduleSpec, ScheduleState } from '../engine/optimiser/index.ts';
import type { ChosenObjective } from '../objective/index.ts';
import type { BestState } from './early-stopping.ts';
import type { Evaluation, EvaluationPoint } from './history.ts';
import type { Observer } from './observer.ts';
import type { Sampler } from './sampling/sampler.ts';
import type { TrainingStepSpec } from './training-step.ts';
import type { Units } from './units.ts';
import type { WatchedTable } from './watching.ts';

/** What is trained, on what, and for how long. */
export interface TrainingSetup {
  readonly graph: Omit<TrainingStepSpec, 'optimiser' | 'seeds' | 'rowsPerStep' | 'groups'>;
  readonly seeds: readonly number[];
  readonly optimiser: OptimiserSpec;
  readonly schedule: ScheduleSpec;
  readonly learningRate: number;
  /** Decay of a moving average of θ, which is then judged and kept in place of θ. */
  readonly average?: number | undefined;
  readonly objective: ChosenObjective;
  /** Mean training losses of the tasks' own independent models, [replica][task], where the objective needs them. */
  readonly baselines?: readonly (readonly number[])[] | undefined;
  /** Rows whose losses the objective may look at, where it learns from validation rows. */
  readonly validation?: Int32Array | undefined;
  readonly sampler: Sampler;
  readonly driver: Driver;
  readonly maxEpochs: number;
  /** Evaluations without improvement after which a unit is done. */
  readonly patience: number;
  readonly epochsPerEvaluation: number;
  /** What stops on its own and keeps its own best state. */
  readonly units: Units;
  /** The tables that batches index: features, labels, label weights. */
  readonly tables: Readonly<Record<string, TensorData>>;
  /** Looks at θ as it is trained, and changes nothing. */
  readonly observer?: Observer | undefined;
  /** Scores θ on the validation rows. */
  evaluate(theta: Float32Array): Promise<Evaluation>;
}

/** What an objective remembers beside its state in the step: plain JSON. */
export interface ObjectiveMemory {
  /** Mean losses of past epochs, [replica][epoch][task], where the weighting looks at them. */
  readonly epochs: readonly (readonly (readonly number[])[])[];
  /** Of the mediator, where gradients are aggregated. */
  readonly mediator?: unknown;
}

/** All that is needed to go on: with the same setup, a resumed run ends bit-identical. */
export interface Checkpoint {
  readonly epoch: number;
  readonly step: number;
  readonly seconds: number;
  readonly state: Readonly<Record<string, Float32Array>>;
  /** Of each replica, or of each task of each replica where tasks have learning rates of their own. */
  readonly schedule: readonly ScheduleState[];
  readonly objective: ObjectiveMemory;
  readonly best: BestState;
  readonly history: readonly EvaluationPoint[];
  /** What the observer has seen, where there is one: plain JSON. */
  readonly observed?: unknown;
  readonly finished: boolean;
}

export interface TrainingHooks {
  readonly resume?: Checkpoint | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of `performance.now()` after which no further epoch starts. */
  readonly deadline?: number | undefined;
  /** Asked after each evaluation: whether to rest here, unfinished, and be gone on with later. */
  pauses?(at: Checkpoint): boolean;
  onCheckpoint?(checkpoint: Checkpoint): Promise<void>;
  onProgress?(progress: TrainingProgress): void;
}

export interface TrainingProgress {
  readonly epoch: number;
  readonly maxEpochs: number;
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly point?: EvaluationPoint;
  /** What was watched at that point, with its names. */
  readonly watched?: readonly WatchedTable[];
}
