import type { Runtime } from '../../../src/engine/index.ts';
import { type Checkpoint, type TrainingSetup, train } from '../../../src/optimization/index.ts';

/** A training that goes on only when it is asked to, evaluation by evaluation. */
export class Learner {
  readonly #runtime: Runtime;
  readonly #setup: TrainingSetup;
  #at: Checkpoint | undefined;
  #running: Promise<Checkpoint> | undefined;
  #ended = false;
  #goOn: () => void = () => undefined;
  #arrive: (at: Checkpoint) => void = () => undefined;

  /** @param from where to go on; default: from the start */
  constructor(runtime: Runtime, setup: TrainingSetup, from?: Checkpoint) {
    this.#runtime = runtime;
    this.#setup = setup;
    this.#at = from;
  }

  /** The last evaluation; undefined before the first. */
  get at(): Checkpoint | undefined {
    return this.#at;
  }

  /** Trains up to the next evaluation. @throws as `train` does */
  async next(): Promise<Checkpoint> {
    const arrived = new Promise<Checkpoint>((done) => {
      this.#arrive = done;
    });
    this.#goOn();
    this.#running ??= this.#start();
    // Where training fails before it arrives, that is the answer.
    this.#at = await Promise.race([arrived, this.#running]);
    return this.#at;
  }

  #start(): Promise<Checkpoint> {
    return train(this.#runtime, this.#setup, {
      resume: this.#at,
      onCheckpoint: async (at) => {
        const asked = new Promise<void>((done) => {
          this.#goOn = done;
        });
        this.#arrive(at);
        if (!at.finished && !this.#ended) await asked;
      },
      pauses: () => this.#ended,
    });
  }

  /** Ends the training where it is. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#goOn();
    await this.#running?.catch(() => undefined);
  }
}
