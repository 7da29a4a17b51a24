import { PolytaskError } from '../common/error.ts';
import { compileStep, type Driver, type Runtime, type Stepper, type TensorData, tensorData } from '../engine/index.ts';
import { type OptimiserSpec, parseOptimiser, parseSchedule, type ScheduleSpec, type ScheduleState, scalarFeeds } from '../engine/optimiser/index.ts';
import { ChunkSizer, runChunks } from '../engine/runtime/chunk.ts';
import { initialise } from '../model/index.ts';
import type { Weighting } from '../objective/index.ts';
import { type BestState, BestTracker } from './early-stopping.ts';
import { type Evaluation, type EvaluationPoint, meanLosses } from './history.ts';
import type { EpochPlan, Sampler } from './sampling/sampler.ts';
import { dropoutKeys, stepFeeds } from './step-feeds.ts';
import { buildTrainingStep, THETA, type TrainingStep, type TrainingStepSpec } from './training-step.ts';
import { replicaUnits, taskUnits } from './units.ts';

/** What is trained, on what, and for how long. */
export interface TrainingSetup {
  readonly graph: Omit<TrainingStepSpec, 'optimiser' | 'seeds' | 'rowsPerStep'>;
  readonly seeds: readonly number[];
  readonly optimiser: OptimiserSpec;
  readonly schedule: ScheduleSpec;
  readonly learningRate: number;
  readonly weighting: Weighting;
  readonly sampler: Sampler;
  readonly driver: Driver;
  readonly maxEpochs: number;
  /** Evaluations without improvement after which a unit is done. */
  readonly patience: number;
  readonly epochsPerEvaluation: number;
  /** What stops on its own and keeps its own best state: each replica, or each task of each replica. */
  readonly units: 'replica' | 'task';
  /** The tables that batches index: features, labels, label weights. */
  readonly tables: Readonly<Record<string, TensorData>>;
  /** Scores θ on the validation rows. */
  evaluate(theta: Float32Array): Promise<Evaluation>;
}

/** All that is needed to go on: with the same setup, a resumed run ends bit-identical. */
export interface Checkpoint {
  readonly epoch: number;
  readonly step: number;
  readonly seconds: number;
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly schedule: ScheduleState;
  readonly weighting: unknown;
  readonly best: BestState;
  readonly history: readonly EvaluationPoint[];
  readonly finished: boolean;
}

export interface TrainingHooks {
  readonly resume?: Checkpoint | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of `performance.now()` after which no further epoch starts. */
  readonly deadline?: number | undefined;
  onCheckpoint?(checkpoint: Checkpoint): Promise<void>;
  onProgress?(progress: TrainingProgress): void;
}

export interface TrainingProgress {
  readonly epoch: number;
  readonly maxEpochs: number;
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly point?: EvaluationPoint;
}

/**
 * Trains until every unit has run out of patience, the epochs or the time are over.
 *
 * @returns the last checkpoint, `finished`; the best θ of each unit is in `best.theta`
 * @throws `training-diverged` when a loss is no longer finite, `cancelled`
 */
export async function train(runtime: Runtime, setup: TrainingSetup, hooks: TrainingHooks = {}): Promise<Checkpoint> {
  if (hooks.resume?.finished) return hooks.resume;
  const optimiser = parseOptimiser(setup.optimiser);
  const spec = { ...setup.graph, optimiser, seeds: setup.seeds.length, rowsPerStep: setup.sampler.rowsPerStep };
  const built = buildTrainingStep(spec);
  const program = compileStep(built.step, { driver: setup.driver, name: `train/${setup.graph.model.sharing}` });
  const stepper = await runtime.loadStep(program);
  try {
    await stepper.bind(setup.tables);
    return await new Training(setup, hooks, built, stepper).run();
  } finally {
    await stepper.close();
  }
}

class Training {
  readonly #setup: TrainingSetup;
  readonly #hooks: TrainingHooks;
  readonly #built: TrainingStep;
  readonly #stepper: Stepper;
  readonly #sizer = new ChunkSizer();

  constructor(setup: TrainingSetup, hooks: TrainingHooks, built: TrainingStep, stepper: Stepper) {
    this.#setup = setup;
    this.#hooks = hooks;
    this.#built = built;
    this.#stepper = stepper;
  }

  async run(): Promise<Checkpoint> {
    const { maxEpochs, patience, epochsPerEvaluation, sampler } = this.#setup;
    let at = this.#hooks.resume ?? this.#start();
    await this.#stepper.write(this.#asTensors(at.state));
    const tracker = new BestTracker(this.#units(), patience, at.state[THETA]!, cloneBest(at.best));
    while (!at.finished) {
      const started = performance.now();
      const weighting = this.#setup.weighting.step(
        { losses: Float64Array.from(at.history.at(-1)?.losses[0] ?? []), epoch: at.epoch },
        at.weighting,
      );
      const until = Math.min(at.epoch + epochsPerEvaluation, maxEpochs);
      const losses: TensorData[] = [];
      for (let epoch = at.epoch; epoch < until; epoch++)
        losses.push(...(await this.#epoch(epoch, weighting.weights, at.schedule)));
      const state = this.#asArrays(await this.#stepper.read());
      const evaluation = await this.#setup.evaluate(state[THETA]!);
      const index = at.history.length;
      const scores = this.#setup.units === 'replica' ? evaluation.replicaScores : evaluation.taskScores;
      tracker.observe(index, scores, state[THETA]!);
      const step = until * sampler.stepsPerEpoch;
      const seconds = at.seconds + (performance.now() - started) / 1000;
      const point: EvaluationPoint = {
        epoch: until,
        step,
        seconds,
        losses: meanLosses(losses, this.#setup.seeds.length),
        metrics: evaluation.metrics,
      };
      const late = this.#hooks.deadline !== undefined && performance.now() > this.#hooks.deadline;
      at = {
        epoch: until,
        step,
        seconds,
        state,
        schedule: this.#observe(at.schedule, evaluation.replicaScores),
        weighting: weighting.state,
        best: tracker.state,
        history: [...at.history, point],
        finished: until >= maxEpochs || late || tracker.exhausted(index),
      };
      await this.#hooks.onCheckpoint?.(at);
      this.#hooks.onProgress?.({ epoch: until, maxEpochs, step, stepsPerEpoch: sampler.stepsPerEpoch, point });
    }
    return at;
  }

  #start(): Checkpoint {
    const { seeds, schedule, weighting, graph } = this.#setup;
    const { layout, parameters, step } = this.#built;
    const theta = layout.write(initialise(parameters, seeds));
    const state = Object.fromEntries(
      step.state.map(({ leaf }, i) => [
        (leaf.node.attributes as { name: string }).name,
        i === 0 ? theta : new Float32Array(theta.length),
      ]),
    );
    return {
      epoch: 0,
      step: 0,
      seconds: 0,
      state,
      schedule: parseSchedule(schedule).initial,
      weighting: weighting.init(graph.tasks.map(({ name }) => name)),
      best: new BestTracker(this.#units(), 0, theta).state,
      history: [],
      finished: false,
    };
  }

  #units(): ReturnType<typeof replicaUnits> {
    const { seeds, graph, units } = this.#setup;
    const { layout, parameters } = this.#built;
    if (units === 'replica') return replicaUnits(layout, seeds.length);
    return taskUnits(layout, parameters, graph.tasks.map(({ name }) => name), seeds.length);
  }

  /** One pass over the sampler's plan; returns the losses [steps, …seeds, tasks] of each chunk. */
  async #epoch(epoch: number, weights: Float64Array, scheduleState: ScheduleState): Promise<TensorData[]> {
    const { sampler, seeds, learningRate, graph } = this.#setup;
    const optimiser = parseOptimiser(this.#setup.optimiser);
    const schedule = parseSchedule(this.#setup.schedule);
    const plans: EpochPlan[] = seeds.map((seed) => sampler.epoch(epoch, seed));
    const first = epoch * sampler.stepsPerEpoch;
    const losses: TensorData[] = [];
    await runChunks({
      from: 0,
      to: sampler.stepsPerEpoch,
      sizer: this.#sizer,
      signal: this.#hooks.signal,
      advance: async (start, steps) => {
        const rates = Array.from(
          { length: steps },
          (_, k) => learningRate * schedule.multiplier(first + start + k + 1, scheduleState),
        );
        const outputs = await this.#stepper.advance(steps, {
          ...stepFeeds(plans, { start, steps, rowsPerStep: sampler.rowsPerStep, weights }),
          ...scalarFeeds(optimiser, first + start + 1, rates),
          ...dropoutKeys(seeds, first + start, steps),
        });
        checkFinite(outputs.losses!, graph.tasks, first + start);
        losses.push(outputs.losses!);
        this.#hooks.onProgress?.({
          epoch,
          maxEpochs: this.#setup.maxEpochs,
          step: first + start + steps,
          stepsPerEpoch: sampler.stepsPerEpoch,
        });
      },
    });
    return losses;
  }

  #observe(state: ScheduleState, scores: readonly number[]): ScheduleState {
    return parseSchedule(this.#setup.schedule).observe(state, scores.reduce((a, b) => a + b, 0) / scores.length);
  }

  #asTensors(state: Readonly<Record<string, Float32Array>>): Record<string, TensorData> {
    const { lead, size } = this.#built.layout;
    return Object.fromEntries(Object.entries(state).map(([name, data]) => [name, tensorData(data, [...lead, size])]));
  }

  #asArrays(state: Readonly<Record<string, TensorData>>): Record<string, Float32Array> {
    return Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, data as Float32Array]));
  }
}

/** The tracker writes into its state; a checkpoint that was handed out must not change. */
function cloneBest(best: BestState): BestState {
  return { scores: [...best.scores], evaluations: [...best.evaluations], theta: best.theta.slice() };
}

function checkFinite({ data, shape }: TensorData, tasks: readonly { readonly name: string }[], firstStep: number): void {
  const values = data as Float32Array;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) continue;
    const perStep = values.length / shape[0]!;
    const task = tasks[i % tasks.length]!.name;
    throw new PolytaskError('training-diverged', {
      path: `tasks.${task}`,
      expected: 'a finite loss',
      found: `${values[i]} at step ${firstStep + Math.floor(i / perStep) + 1}`,
      help: 'Lower the learning rate, or clip gradients (training.clipNorm); the last checkpoint is kept.',
    });
  }
}
