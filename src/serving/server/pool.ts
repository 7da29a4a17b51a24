import type { PolytaskError } from '../../common/error.ts';
import { type Lane, openLocalLane, ThreadLane } from './lane.ts';
import type { WorkerStart } from './protocol.ts';

/** Batches on their way to a worker: while it works on one, the next is there already. */
const DEPTH = 2;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30_000;

export interface PoolOptions {
  readonly start: WorkerStart;
  readonly workers: number;
  /** Without one, or without workers, everything happens in this thread. */
  readonly file: URL | undefined;
  /** A lane has become free. */
  onFree(): void;
  /** A worker has ended by itself, or a new one could not be started. */
  onLoss(why: PolytaskError): void;
}

/** Workers that hold the same model; one that ends is replaced. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #lanes = new Set<Lane>();
  #closed = false;
  #pause = FIRST_PAUSE;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts all workers and waits until they can answer. @throws `model-invalid` and what else a model may lack */
  static async open(options: PoolOptions): Promise<Pool> {
    const pool = new Pool(options);
    const count = options.file === undefined ? 1 : Math.max(1, options.workers);
    const results = await Promise.allSettled(Array.from({ length: count }, () => pool.#add()));
    const refused = results.find((result) => result.status === 'rejected');
    if (refused === undefined) return pool;
    await pool.close();
    throw refused.reason;
  }

  /** Workers that can answer. */
  get alive(): number {
    return this.#lanes.size;
  }

  /** The one with least to do, if it can take a batch. */
  free(): Lane | undefined {
    let best: Lane | undefined;
    for (const lane of this.#lanes) if (lane.busy < (best?.busy ?? DEPTH)) best = lane;
    return best;
  }

  /** Ends all workers once they have finished what they were given. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const lanes = [...this.#lanes];
    this.#lanes.clear();
    await Promise.all(lanes.map((lane) => lane.close()));
  }

  async #add(): Promise<void> {
    const { start, workers, file } = this.#options;
    const lane =
      workers === 0 || file === undefined
        ? await openLocalLane(start)
        : await ThreadLane.open(file, start, (ended, why) => this.#lost(ended, why));
    if (this.#closed) return lane.close();
    this.#lanes.add(lane);
    this.#options.onFree();
  }

  #lost(lane: ThreadLane, why: PolytaskError): void {
    this.#lanes.delete(lane);
    this.#options.onLoss(why);
    this.#replace(0);
  }

  /** A worker that fails from the start is tried again later and later. */
  #replace(pause: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#add().then(
        () => (this.#pause = FIRST_PAUSE),
        (why: PolytaskError) => {
          this.#options.onLoss(why);
          this.#replace(this.#pause);
          this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
        },
      );
    }, pause);
  }
}
