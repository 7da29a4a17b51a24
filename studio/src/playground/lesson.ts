import { PolytaskError, suggest } from '../../../src/common/error.ts';
import type { Runtime } from '../../../src/engine/index.ts';
import { chooseSharing } from '../../../src/model/index.ts';
import {
  type Checkpoint,
  GradientObserver,
  Predictor,
  Scorer,
  THETA,
  type TrainingSetup,
} from '../../../src/optimization/index.ts';
import type { TrainingStep } from '../../../src/optimization/training-step.ts';
import { carryOver, stepOf } from './carry-over.ts';
import { LastLook, type Met } from './gradients.ts';
import { Learner } from './learner.ts';
import type { Opened, Point, WatchedShape } from './messages.ts';
import { partsOfTheta } from './norms.ts';
import { PROBLEMS } from './problems/index.ts';
import type { Toy, ToyProblem } from './problems/problem.ts';
import type { Settings } from './settings.ts';
import { ALONE, openSetup } from './setup.ts';

/** One way of learning a toy. */
class Way {
  readonly #learner: Learner;
  readonly #closing: (() => Promise<void> | undefined)[];
  readonly setup: TrainingSetup;
  readonly step: TrainingStep;

  private constructor(
    learner: Learner,
    setup: TrainingSetup,
    step: TrainingStep,
    closing: (() => Promise<void> | undefined)[],
  ) {
    this.#learner = learner;
    this.setup = setup;
    this.step = step;
    this.#closing = closing;
  }

  /** @param before goes on from there, as far as it fits */
  static async open(
    runtime: Runtime,
    toy: Toy,
    settings: Settings,
    observes: boolean,
    before?: Way,
  ): Promise<Way> {
    const { setup, close } = await openSetup(runtime, toy, settings);
    const { stepsPerEpoch } = setup.sampler;
    const sources = setup.graph.tasks.length;
    const record = (): LastLook => new LastLook();
    const observer = observes
      ? await GradientObserver.open(runtime, setup, {
          every: stepsPerEpoch,
          sources,
          looksAhead: false,
          rate: 0,
          record,
        })
      : undefined;
    const from = before?.at && carryOver(before.at, before.step, setup);
    const learner = new Learner(runtime, { ...setup, observer }, from);
    return new Way(learner, setup, stepOf(setup), [close, () => observer?.close()]);
  }

  get at(): Checkpoint | undefined {
    return this.#learner.at;
  }

  next(): Promise<Checkpoint> {
    return this.#learner.next();
  }

  async close(): Promise<void> {
    await this.#learner.end();
    for (const close of this.#closing) await close();
  }
}

/** A toy that is learned jointly and, beside it for the same time, by each task alone. */
export class Lesson {
  readonly opened: Opened;
  readonly settings: Settings;
  readonly #joint: Way;
  readonly #alone: Way | undefined;
  readonly #shown: Predictor;

  private constructor(
    settings: Settings,
    opened: Opened,
    joint: Way,
    alone: Way | undefined,
    shown: Predictor,
  ) {
    this.settings = settings;
    this.opened = opened;
    this.#joint = joint;
    this.#alone = alone;
    this.#shown = shown;
  }

  /**
   * @param before another lesson, to go on from as far as it fits; it is still to be closed
   * @param file the text of a file, where the problem is one
   */
  static async open(runtime: Runtime, settings: Settings, before?: Lesson, file?: string): Promise<Lesson> {
    const toy = problemOf(settings).make(settings, file);
    const joint = await Way.open(
      runtime,
      toy,
      settings,
      true,
      before === undefined ? undefined : before.#joint,
    );
    const separate = chooseSharing(settings.sharing).sharing.separate === true;
    const alone = separate
      ? undefined
      : await Way.open(
          runtime,
          toy,
          { ...settings, ...ALONE },
          false,
          before === undefined ? undefined : (before.#alone ?? before.#joint),
        );
    const { dataset, signature } = toy;
    const rows = Int32Array.from({ length: toy.shown.rows }, (_, row) => row);
    const source = { ...dataset, features: toy.shown };
    const { model } = joint.setup.graph;
    const shown = await Predictor.open(runtime, model, signature, dataset.tasks, 1, source, rows);
    return new Lesson(settings, openedOf(toy, joint.setup), joint, alone, shown);
  }

  get finished(): boolean {
    return this.#joint.at?.finished === true;
  }

  /** One pass over the training rows. @throws `training-diverged` */
  async next(): Promise<Point> {
    const joint = await this.#joint.next();
    const alone = await this.#alone?.next();
    const last = joint.history.at(-1)!;
    const { layout, parameters } = this.#joint.step;
    return {
      step: joint.step,
      ...lastOf(joint),
      ...(alone && { alone: lastOf(alone) }),
      ...(last.weights && { weights: last.weights[0]! }),
      ...(joint.observed !== undefined && { met: joint.observed as Met }),
      ...(last.watched && { watched: last.watched }),
      parts: partsOfTheta(joint.state[THETA]!, layout, parameters),
    };
  }

  /** What the joint model says of the rows that are shown, [task], and tables that its sharing lets be watched. */
  async look(): Promise<{ predictions: Float32Array[]; watched: WatchedShape[] }> {
    const theta = this.#joint.at?.state[THETA];
    if (theta === undefined) return { predictions: [], watched: [] };
    const outputs = await this.#shown.predict(theta);
    return {
      predictions: this.opened.tasks.map((_, t) => outputs.of(0, t)),
      watched: outputs.watched.map(({ name, kind, rows, columns }) => ({ name, kind, rows, columns })),
    };
  }

  async close(): Promise<void> {
    await this.#joint.close();
    await this.#alone?.close();
    await this.#shown.close();
  }
}

function problemOf({ problem }: Settings): ToyProblem {
  const names = Object.keys(PROBLEMS);
  if (names.includes(problem)) return PROBLEMS[problem]!;
  throw new PolytaskError('usage-invalid', {
    path: 'problem',
    expected: names.join(' | '),
    found: problem,
    help: suggest(problem, names),
  });
}

function lastOf({ history }: Checkpoint): Pick<Point, 'losses' | 'metrics'> {
  const { losses, metrics } = history.at(-1)!;
  return { losses: losses[0]!, metrics: metrics[0]! };
}

function openedOf({ dataset, validation, train, picture }: Toy, { sampler }: TrainingSetup): Opened {
  const { references } = new Scorer(dataset, validation);
  return {
    tasks: dataset.tasks.map(({ name, kind }, t) => {
      const { metric } = references[t]!;
      return { name, kind, metric: metric.name, higherIsBetter: metric.higherIsBetter };
    }),
    picture,
    stepsPerEpoch: sampler.stepsPerEpoch,
    trainingRows: train.length,
  };
}
