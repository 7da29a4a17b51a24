import { PolytaskError } from '../../common/error.ts';
import type { Metrics } from './metrics.ts';
import type { Pool } from './pool.ts';
import type { Answer, Ask } from './protocol.ts';
import { asRefusal } from './refusal.ts';

/** Requests and characters that go to a worker at a time; rows are bounded there, where they are counted. */
const BATCH_REQUESTS = 64;
const BATCH_CHARACTERS = 512 * 1024;

export interface BatcherOptions {
  /** Requests that wait at most. */
  readonly queue: number;
  /** Seconds that a request may take. */
  readonly seconds: number;
  /** Milliseconds that a request waits for others though a worker is free. */
  readonly wait: number;
}

interface Waiting {
  readonly ask: Ask;
  readonly since: number;
  resolve(answer: Answer): void;
  reject(error: PolytaskError): void;
}

/**
 * Requests that wait for a worker, first come first served. Whatever has gathered when a worker is free goes to it
 * together, so that batches grow with the load and a lone request waits for nobody.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #metrics: Metrics;
  #pool: Pool | undefined;
  #queue: Waiting[] = [];
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BatcherOptions, metrics: Metrics) {
    this.#options = options;
    this.#metrics = metrics;
  }

  /** Requests that no worker has taken yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether there is no room: in the queue, or in a batch that a free worker is about to take. */
  get full(): boolean {
    const { queue } = this.#options;
    return this.waiting >= queue && this.waiting >= queue + (this.#pool?.free() ? BATCH_REQUESTS : 0);
  }

  /** Whose workers take what waits from now on. */
  use(pool: Pool): void {
    this.#pool = pool;
    this.schedule();
  }

  /** @throws `server-busy`, `request-timeout`, `worker-failed` */
  submit(ask: Ask): Promise<Answer> {
    if (this.full) return Promise.reject(busy(`${this.waiting} requests that wait`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(waiting), 1000 * this.#options.seconds);
      const settle = <T>(then: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          clearTimeout(timer);
          then(value);
        };
      };
      const waiting: Waiting = {
        ask,
        since: performance.now(),
        resolve: settle(resolve),
        reject: settle(reject),
      };
      this.#queue.push(waiting);
      this.schedule();
    });
  }

  /** Looks for free workers once this turn of the event loop has read what it has to read. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.waiting > 0) {
      const lane = this.#pool?.free();
      if (lane === undefined) return;
      if (lane.busy === 0 && this.#mustWait()) return;
      const batch = this.#take();
      lane.run(batch.map(({ ask }) => ask)).then(
        ({ answers, runs }) => {
          this.schedule();
          for (const rows of runs) this.#metrics.ran(rows);
          for (const [i, one] of batch.entries()) one.resolve(answers[i]!);
        },
        (cause: unknown) => {
          this.schedule();
          for (const one of batch) one.reject(asRefusal(cause));
        },
      );
    }
  }

  /** With a wait, the oldest request is not sent off before its time, unless a batch is full. */
  #mustWait(): boolean {
    const { wait } = this.#options;
    if (wait === 0 || this.waiting >= BATCH_REQUESTS) return false;
    const left = this.#queue[0]!.since + wait - performance.now();
    if (left <= 0) return false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.schedule(), left);
    return true;
  }

  /** From the front of the queue as many as go together, one at least. */
  #take(): Waiting[] {
    let [count, size] = [0, 0];
    for (const { ask } of this.#queue) {
      size += ask.text.length;
      if (count > 0 && (size > BATCH_CHARACTERS || count === BATCH_REQUESTS)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  #giveUp(one: Waiting): void {
    const at = this.#queue.indexOf(one);
    if (at >= 0) this.#queue.splice(at, 1);
    one.reject(
      new PolytaskError('request-timeout', {
        path: at >= 0 ? 'queue' : 'worker',
        expected: `an answer within ${this.#options.seconds} s`,
        found: at >= 0 ? 'no worker was free' : 'the worker is still at it',
        help: 'Send fewer rows at a time, or try again later.',
      }),
    );
  }
}

/** More is waiting than will be worked on soon. */
export function busy(found: string): PolytaskError {
  return new PolytaskError('server-busy', {
    path: 'queue',
    expected: 'room for one more request',
    found,
    help: 'Try again after the seconds that Retry-After says.',
  });
}
