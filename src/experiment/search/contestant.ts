import { PolytaskError } from '../../common/error.ts';
import type { Runtime } from '../../engine/index.ts';
import { type Checkpoint, Scorer, type TrainingProgress } from '../../optimization/index.ts';
import { type Part, placesIn } from '../part.ts';
import type { Prepared } from '../prepare.ts';
import type { RunFolder } from '../run-folder.ts';
import { keptFrom, type Trial, trainTrial, unitsOf } from '../trial.ts';
import type { Budget, Limit } from './budget.ts';
import type { Candidate } from './candidate.ts';
import { keptMetrics, progressOf } from './kept-metrics.ts';

/** What a contestant works with. */
export interface Track {
  readonly runtime: Runtime;
  readonly folder: RunFolder;
  readonly budget: Budget;
  readonly signal?: AbortSignal | undefined;
  /** Waits where the run is paused. */
  readonly pass?: (() => Promise<void>) | undefined;
  onProgress?(contestant: Contestant, progress: TrainingProgress): void;
}

/** The trial of some of the tasks, and what it is called in the run folder. */
export interface Lane {
  readonly trial: Trial;
  readonly file: string;
  readonly serves: readonly string[];
}

/** Milliseconds after which a training in the middle of a leg is kept as well. */
const KEEP_EVERY = 5000;

/** A candidate that is trained leg by leg: one model, or one for each of its groups of tasks. */
export class Contestant {
  readonly candidate: Candidate;
  readonly lanes: readonly Lane[];
  readonly #checkpoints: (Checkpoint | undefined)[];
  readonly #scorers: readonly Scorer[];
  #failure: PolytaskError | undefined;

  private constructor(candidate: Candidate, lanes: readonly Lane[], checkpoints: (Checkpoint | undefined)[]) {
    this.candidate = candidate;
    this.lanes = lanes;
    this.#checkpoints = checkpoints;
    this.#scorers = lanes.map(
      ({ trial: { prepared, importance } }) =>
        new Scorer(prepared.dataset, prepared.split.validation, importance),
    );
  }

  /** From where it was when the run was stopped, if it was. */
  static async open(candidate: Candidate, lanes: readonly Lane[], folder: RunFolder): Promise<Contestant> {
    const checkpoints = await Promise.all(lanes.map(({ file }) => folder.readCheckpoint(file)));
    return new Contestant(candidate, lanes, checkpoints);
  }

  /** Of each lane, where it has begun. */
  get checkpoints(): readonly (Checkpoint | undefined)[] {
    return this.#checkpoints;
  }

  /** Why it broke down, if it did. */
  get failure(): PolytaskError | undefined {
    return this.#failure;
  }

  get steps(): number {
    return this.#sum(({ step }) => step);
  }

  get seconds(): number {
    return this.#sum(({ seconds }) => seconds);
  }

  get finished(): boolean {
    return this.#checkpoints.every((checkpoint) => checkpoint?.finished === true);
  }

  #sum(of: (checkpoint: Checkpoint) => number): number {
    return this.#checkpoints.reduce((sum, own) => sum + (own === undefined ? 0 : of(own)), 0);
  }

  /** How far it has come, all groups together. */
  progress(unit: Limit['unit']): number {
    return unit === 'steps' ? this.steps : this.seconds;
  }

  /** Trains up to a level, each group its part of it, while there is budget. A training that diverges ends the contestant. */
  async advance(level: number, track: Track): Promise<void> {
    if (this.#failure !== undefined) return;
    for (const [i, lane] of this.lanes.entries()) {
      try {
        await this.#lead(i, lane, level / this.lanes.length, track);
      } catch (error) {
        if (!(error instanceof PolytaskError) || error.code !== 'training-diverged') throw error;
        this.#failure = error;
        return;
      }
    }
  }

  async #lead(i: number, { trial, file }: Lane, level: number, track: Track): Promise<void> {
    const { runtime, folder, budget, signal } = track;
    const { unit } = budget.limit;
    const before = this.#checkpoints[i];
    if (before !== undefined && (before.finished || progressOf(before, unit) >= level)) return;
    let keptAt = performance.now();
    const after = await trainTrial(runtime, trial, {
      resume: before,
      signal,
      pauses: (at) => progressOf(at, unit) >= level || budget.left <= 0,
      onCheckpoint: async (at) => {
        this.#checkpoints[i] = at;
        await track.pass?.();
        if (performance.now() - keptAt < KEEP_EVERY) return;
        keptAt = performance.now();
        await folder.writeCheckpoint(file, at);
      },
      onProgress: (progress) => track.onProgress?.(this, progress),
    });
    this.#checkpoints[i] = after.checkpoint;
    await folder.writeCheckpoint(file, after.checkpoint);
  }

  /**
   * Validation metrics of the states that it would have kept at a level, [seed][task of the problem].
   *
   * @param together whether its tasks are asked for states of one evaluation, where each keeps one of its own
   * @returns undefined where it has nothing to show
   */
  metricsAt(
    { dataset }: Pick<Prepared, 'dataset'>,
    level: number,
    unit: Limit['unit'],
    together: boolean = false,
  ): (number | null)[][] | undefined {
    const own = this.lanes.map(({ trial }, i) => {
      const checkpoint = this.#checkpoints[i];
      const separate = unitsOf(trial) !== 'replica';
      return (
        checkpoint &&
        keptMetrics(checkpoint, this.#scorers[i]!, {
          level: level / this.lanes.length,
          unit,
          separate,
          together,
        })
      );
    });
    if (this.#failure !== undefined || own.includes(undefined)) return undefined;
    const places = placesIn(dataset, this.lanes);
    return own[0]!.map((_, s) => places.map(({ part, task }) => own[part]![s]![task]!));
  }

  /** Lets go of what it takes to go on; what it reached stays known. */
  async rest(folder: Track['folder']): Promise<void> {
    const none = new Float32Array();
    for (const [i, { file }] of this.lanes.entries()) {
      const checkpoint = this.#checkpoints[i];
      if (checkpoint === undefined || checkpoint.best.theta.length === 0) continue;
      const slim = { ...checkpoint, state: {}, best: { ...checkpoint.best, theta: none } };
      this.#checkpoints[i] = slim;
      await folder.writeCheckpoint(file, slim);
    }
  }

  /** Its models as they are. */
  parts(): Part[] {
    return this.lanes.map(({ trial, serves }, i) => ({
      kept: keptFrom(trial, this.#checkpoints[i]!),
      serves,
    }));
  }
}
