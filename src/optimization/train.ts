import { type Runtime, type Stepper, type TensorData, tensorData } from '../engine/index.ts';
import { inputName } from '../engine/leaf.ts';
import {
  AVERAGE,
  averaged,
  type Optimiser,
  parseOptimiser,
  parseSchedule,
  type Schedule,
  type ScheduleState,
} from '../engine/optimiser/index.ts';
import { ChunkSizer, runChunks } from '../engine/runtime/chunk.ts';
import { chooseSharing, initialise } from '../model/index.ts';
import { needsValidation } from '../objective/index.ts';
import { divergence } from './divergence.ts';
import { BestTracker } from './early-stopping.ts';
import {
  type Evaluation,
  type EvaluationPoint,
  meanLosses,
  type StepOutputs,
  watchedObjective,
  watchedPoint,
} from './history.ts';
import { leastSteps, openTrainingStep } from './lazy-stepper.ts';
import { checkBaselines, checkValidation } from './needs.ts';
import { type EpochInputs, inputsOfEpoch, mediatorOf, rememberEpoch } from './objective-memory.ts';
import { stretches } from './observer.ts';
import type { EpochPlan } from './sampling/sampler.ts';
import {
  dropoutKeys,
  noiseFeeds,
  optimiserFeeds,
  repeatedFeeds,
  stepFeeds,
  validationFeeds,
} from './step-feeds.ts';
import type { Checkpoint, ObjectiveMemory, TrainingHooks, TrainingSetup } from './training.ts';
import { buildTrainingStep, THETA, type TrainingStep, type TrainingStepSpec } from './training-step.ts';
import { unitRanges } from './units.ts';

/**
 * Trains until every unit has run out of patience, the epochs or the time are over.
 *
 * @returns the last checkpoint, `finished`; the best θ of each unit is in `best.theta`
 * @throws `training-diverged` when a loss is no longer finite, `cancelled`, `objective-invalid`
 */
export async function train(
  runtime: Runtime,
  setup: TrainingSetup,
  hooks: TrainingHooks = {},
): Promise<Checkpoint> {
  if (hooks.resume?.finished) return hooks.resume;
  checkBaselines(setup);
  checkValidation(setup);
  const optimiser = optimiserOf(setup);
  const schedule = parseSchedule(setup.schedule);
  const spec: TrainingStepSpec = {
    ...setup.graph,
    optimiser,
    seeds: setup.seeds.length,
    rowsPerStep: setup.sampler.rowsPerStep,
    groups: groupsOf(setup, schedule),
    objective: setup.objective,
    // The average of a row goes on where the row rests, so that with averages no row may be left out.
    ...(setup.average !== undefined && { lazyFrom: Number.POSITIVE_INFINITY }),
  };
  const built = buildTrainingStep(spec);
  const name = `train/${chooseSharing(setup.graph.model.sharing).sharing.name}`;
  const stepper = await openTrainingStep(runtime, built, { driver: setup.driver, name }, mediatorOf(setup));
  try {
    await stepper.bind(setup.tables);
    const training = new Training(setup, hooks, {
      built,
      optimiser,
      schedule,
      spec,
      runtime,
      stepper,
    });
    return await training.run();
  } finally {
    await stepper.close();
  }
}

function optimiserOf({ optimiser, average }: TrainingSetup): Optimiser {
  const plain = parseOptimiser(optimiser);
  return average === undefined ? plain : averaged(plain, average);
}

/** Where nothing is shared, no task feels its neighbours: not their plateaus, and not the length of their gradients. */
function groupsOf({ units, graph }: TrainingSetup, schedule: Schedule): TrainingStepSpec['groups'] {
  const listens = Object.keys(schedule.initial).length > 0;
  return units === 'task' && (listens || graph.clipNorm !== undefined) ? 'task' : 'replica';
}

/** What a training works with, made once. */
interface Workshop {
  readonly built: TrainingStep;
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  readonly spec: TrainingStepSpec;
  readonly runtime: Runtime;
  readonly stepper: Stepper;
}

class Training {
  readonly #setup: TrainingSetup;
  readonly #hooks: TrainingHooks;
  readonly #shop: Workshop;
  readonly #sizer: ChunkSizer;

  constructor(setup: TrainingSetup, hooks: TrainingHooks, shop: Workshop) {
    this.#setup = setup;
    this.#hooks = hooks;
    this.#shop = shop;
    this.#sizer = new ChunkSizer({ least: leastSteps(shop.built) });
  }

  async run(): Promise<Checkpoint> {
    const { maxEpochs, patience, epochsPerEvaluation, sampler, observer } = this.#setup;
    let at = this.#hooks.resume ?? this.#start();
    observer?.write(at.observed);
    const { stepper } = this.#shop;
    await stepper.write(this.#asTensors(at.state));
    if (at.objective.mediator !== undefined) await stepper.memory?.write(at.objective.mediator);
    else if (stepper.memory)
      at = { ...at, objective: { ...at.objective, mediator: await stepper.memory.read() } };
    const tracker = new BestTracker(this.#units(), patience, at.state[THETA]!, at.best);
    while (!at.finished) {
      const started = performance.now();
      const until = Math.min(at.epoch + epochsPerEvaluation, maxEpochs);
      const seen: StepOutputs[] = [];
      let { epochs } = at.objective;
      for (let epoch = at.epoch; epoch < until; epoch++) {
        const own = await this.#epoch(epoch, epochs, at);
        seen.push(...own);
        epochs = rememberEpoch(this.#setup, epochs, own);
      }
      const state = this.#asArrays(await stepper.read());
      const judged = state[AVERAGE] ?? state[THETA]!;
      const evaluation = await this.#setup.evaluate(judged);
      const index = at.history.length;
      const scores = this.#setup.units === 'replica' ? evaluation.replicaScores : evaluation.taskScores;
      tracker.observe(index, scores, judged);
      const step = until * sampler.stepsPerEpoch;
      const seconds = at.seconds + (performance.now() - started) / 1000;
      const observed = observer?.told();
      const point: EvaluationPoint = {
        epoch: until,
        step,
        seconds,
        losses: meanLosses(
          seen.map(({ losses }) => losses!),
          this.#setup.seeds.length,
        ),
        ...watchedObjective(seen, this.#setup.seeds.length),
        ...(observed && { observed }),
        metrics: evaluation.metrics,
        ...watchedPoint(evaluation.watched),
      };
      const late = this.#hooks.deadline !== undefined && performance.now() > this.#hooks.deadline;
      at = {
        epoch: until,
        step,
        seconds,
        state,
        schedule: this.#observe(at.schedule, evaluation),
        objective: { epochs, ...(stepper.memory && { mediator: await stepper.memory.read() }) },
        best: tracker.state,
        history: [...at.history, point],
        ...(observer && { observed: observer.read() }),
        finished: until >= maxEpochs || late || tracker.exhausted(index),
      };
      await this.#hooks.onCheckpoint?.(at);
      this.#hooks.onProgress?.({
        epoch: until,
        maxEpochs,
        step,
        stepsPerEpoch: sampler.stepsPerEpoch,
        point,
        ...(evaluation.watched && { watched: evaluation.watched }),
      });
      if (!at.finished && this.#hooks.pauses?.(at)) break;
    }
    return at;
  }

  #start(): Checkpoint {
    const { seeds, graph } = this.#setup;
    const { schedule, spec, built } = this.#shop;
    const { layout, parameters, states } = built;
    const groupCount = seeds.length * (spec.groups === 'task' ? graph.tasks.length : 1);
    const theta = layout.write(initialise(parameters, seeds));
    const state = Object.fromEntries([
      ...states.map((name) => [name, name === THETA ? theta : new Float32Array(theta.length)] as const),
      ...built.carried.map(({ name, start }) => [name, start] as const),
    ]);
    return {
      epoch: 0,
      step: 0,
      seconds: 0,
      state,
      schedule: Array.from({ length: groupCount }, () => schedule.initial),
      objective: { epochs: seeds.map(() => []) },
      best: new BestTracker(this.#units(), 1, theta).state,
      history: [],
      finished: false,
    };
  }

  #units(): ReturnType<typeof unitRanges> {
    const { seeds, graph, units } = this.#setup;
    const { layout, parameters } = this.#shop.built;
    return unitRanges(
      units,
      layout,
      parameters,
      graph.tasks.map(({ name }) => name),
      seeds.length,
    );
  }

  /**
   * One pass over the sampler's plan; returns what each chunk told: losses and weights [steps, …seeds, tasks].
   *
   * @param past mean losses of the epochs before, as the weighting looks at them
   * @param from the last state that was kept
   */
  async #epoch(epoch: number, past: ObjectiveMemory['epochs'], from: Checkpoint): Promise<StepOutputs[]> {
    const { sampler } = this.#setup;
    const plans = this.#plans(epoch);
    const first = epoch * sampler.stepsPerEpoch;
    const inputs = inputsOfEpoch(this.#setup, past);
    const told: StepOutputs[] = [];
    await runChunks({
      from: 0,
      to: sampler.stepsPerEpoch,
      sizer: this.#sizer,
      signal: this.#hooks.signal,
      advance: async (start, steps) => {
        for (const own of stretches(first + start, steps, this.#setup.observer)) {
          const feeds = this.#feeds(plans, epoch, own.start - first, own.steps, inputs, from.schedule);
          if (own.looks) await this.#look(own.start, feeds);
          const outputs = await this.#shop.stepper.advance(own.steps, feeds);
          await this.#checkFinite(outputs.losses!, own.start, inputs, from);
          told.push(outputs);
        }
        this.#hooks.onProgress?.({
          epoch,
          maxEpochs: this.#setup.maxEpochs,
          step: first + start + steps,
          stepsPerEpoch: sampler.stepsPerEpoch,
        });
      },
    });
    return told;
  }

  async #look(step: number, feeds: Readonly<Record<string, TensorData>>): Promise<void> {
    const { [THETA]: theta } = await this.#shop.stepper.read([THETA]);
    await this.#setup.observer!.look({ step, theta: theta!.data as Float32Array, feeds });
  }

  #plans(epoch: number): EpochPlan[] {
    const { sampler, seeds } = this.#setup;
    return seeds.map((seed) => sampler.epoch(epoch, seed));
  }

  /** The per-step inputs of `steps` steps from `start` on in an epoch. */
  #feeds(
    plans: readonly EpochPlan[],
    epoch: number,
    start: number,
    steps: number,
    inputs: EpochInputs,
    states: readonly ScheduleState[],
  ): Record<string, TensorData> {
    const { sampler, seeds, learningRate, graph, objective } = this.#setup;
    const { optimiser, schedule, built } = this.#shop;
    const first = epoch * sampler.stepsPerEpoch + start;
    const rates = Array.from({ length: steps }, (_, k) =>
      states.map((state) => learningRate * schedule.multiplier(first + k + 1, state)),
    );
    return {
      ...stepFeeds(plans, { start, steps, rowsPerStep: sampler.rowsPerStep, tasks: graph.tasks.length }),
      ...repeatedFeeds(inputs, steps),
      ...noiseFeeds(built.noises, seeds, first, steps),
      ...optimiserFeeds(optimiser, first + 1, rates, seeds.length),
      ...(needsValidation(objective) && this.#validation(first, steps)),
      ...dropoutKeys(seeds, first, steps),
      epoch: tensorData(
        Float32Array.from({ length: steps }, (_, k) => (first + k) / sampler.stepsPerEpoch),
        [steps, 1],
      ),
    };
  }

  /** Validation rows of some steps, as many as the steps descend. */
  #validation(first: number, steps: number): Record<string, TensorData> {
    const { validation, seeds } = this.#setup;
    return validationFeeds(validation!, this.#shop.built.validationShape!, seeds, first, steps);
  }

  /** @throws `training-diverged` where a loss is not finite, with the layer in which that began */
  async #checkFinite(
    losses: TensorData,
    firstStep: number,
    inputs: EpochInputs,
    from: Checkpoint,
  ): Promise<void> {
    if ((losses.data as Float32Array).every(Number.isFinite)) return;
    const { graph, sampler, tables, seeds } = this.#setup;
    const { runtime, stepper, spec, built } = this.#shop;
    await stepper.memory?.write(from.objective.mediator);
    // Whatever a mediator would answer: a step is looked into with ones.
    const answers = Object.fromEntries(
      (built.mediation?.answers ?? []).map((leaf) => {
        const shape = [1, ...(leaf.shape as number[])];
        const size = shape.reduce((a, b) => a * b, 1);
        return [inputName(leaf), tensorData(new Float32Array(size).fill(1), shape)];
      }),
    );
    throw await divergence(losses, firstStep, {
      tasks: graph.tasks.map(({ name }) => name),
      seeds,
      runtime,
      stepper,
      // Looked into with all tables whole: that is the state that is replayed.
      step: buildTrainingStep({ ...spec, lazyFrom: Number.POSITIVE_INFINITY }).step,
      tables,
      state: this.#asTensors(from.state),
      from: from.step,
      feeds: (step) => {
        const epoch = Math.floor(step / sampler.stepsPerEpoch);
        const start = step % sampler.stepsPerEpoch;
        const feeds = this.#feeds(this.#plans(epoch), epoch, start, 1, inputs, from.schedule);
        return { ...feeds, ...answers };
      },
    });
  }

  #observe(states: readonly ScheduleState[], { replicaScores, taskScores }: Evaluation): ScheduleState[] {
    const { schedule, spec } = this.#shop;
    const scores = spec.groups === 'task' ? taskScores : replicaScores;
    return states.map((state, group) => schedule.observe(state, scores[group]!));
  }

  #asTensors(state: Readonly<Record<string, Float32Array>>): Record<string, TensorData> {
    const { layout, carried } = this.#shop.built;
    const own = new Map(carried.map(({ name, shape }) => [name, shape]));
    const packed = [...layout.lead, layout.size];
    return Object.fromEntries(
      Object.entries(state).map(([name, data]) => [name, tensorData(data, own.get(name) ?? packed)]),
    );
  }

  #asArrays(state: Readonly<Record<string, TensorData>>): Record<string, Float32Array> {
    return Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, data as Float32Array]));
  }
}
