import { Worker } from 'node:worker_threads';
import { PolytaskError } from '../../common/error.ts';
import { openAnswering } from './open-answering.ts';
import type { Answers, Ask, WorkerReply, WorkerStart } from './protocol.ts';

/** Something that answers batches: a thread with a model, or this thread. */
export interface Lane {
  /** Batches that are on their way. */
  readonly busy: number;
  /** @throws `worker-failed` where it ends meanwhile */
  run(asks: readonly Ask[]): Promise<Answers>;
  /** Ends it; what is on its way is finished first. */
  close(): Promise<void>;
}

/** A lane in this thread. */
export async function openLocalLane(start: WorkerStart): Promise<Lane> {
  const { answering, close } = await openAnswering(start);
  const running = new Set<Promise<Answers>>();
  return {
    get busy() {
      return running.size;
    },
    run: (asks) => {
      const answers = answering.answer(asks).finally(() => running.delete(answers));
      running.add(answers);
      return answers;
    },
    close: async () => {
      await Promise.allSettled(running);
      await close();
    },
  };
}

interface Pending {
  resolve(answers: Answers): void;
  reject(error: PolytaskError): void;
}

/** A lane in a thread of its own. */
export class ThreadLane implements Lane {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #onEnd: (lane: ThreadLane, why: PolytaskError) => void;
  #next = 1;
  #closing = false;
  #idle: (() => void) | undefined;

  private constructor(worker: Worker, onEnd: (lane: ThreadLane, why: PolytaskError) => void) {
    this.#worker = worker;
    this.#onEnd = onEnd;
    worker.on('message', (reply: WorkerReply) => 'batch' in reply && this.#settle(reply));
    worker.on('error', (error) => this.#end(failed(error.message, error)));
    worker.on('exit', (code) => this.#end(failed(`it ended with exit code ${code}`)));
  }

  /**
   * Starts a thread and waits until its model is open.
   *
   * @param onEnd called once it has ended by itself
   * @throws `model-invalid`, `runtime-unavailable`, `worker-failed`
   */
  static async open(
    file: URL,
    start: WorkerStart,
    onEnd: (lane: ThreadLane, why: PolytaskError) => void,
  ): Promise<ThreadLane> {
    const worker = new Worker(file, { workerData: start, name: 'polytask-serve', execArgv: [] });
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => reject(failed(error.message, error)));
      worker.once('exit', (code) => reject(failed(`it ended with exit code ${code}`)));
    });
    if (!('failed' in reply)) return new ThreadLane(worker, onEnd);
    await worker.terminate();
    throw new PolytaskError(reply.failed.code, reply.failed);
  }

  get busy(): number {
    return this.#pending.size;
  }

  run(asks: readonly Ask[]): Promise<Answers> {
    return new Promise((resolve, reject) => {
      const batch = this.#next++;
      this.#pending.set(batch, { resolve, reject });
      this.#worker.postMessage({ batch, asks });
    });
  }

  async close(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#closing = true;
    await this.#worker.terminate();
  }

  #settle({ batch, ...answers }: { readonly batch: number } & Answers): void {
    const pending = this.#pending.get(batch);
    this.#pending.delete(batch);
    pending?.resolve(answers);
    if (this.#pending.size === 0) this.#idle?.();
  }

  #end(why: PolytaskError): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#onEnd(this, why);
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of lost) reject(why);
    this.#idle?.();
  }
}

function failed(found: string, cause?: unknown): PolytaskError {
  return new PolytaskError('worker-failed', {
    path: 'worker',
    expected: 'a worker that answers',
    found,
    help: 'Send the request again. If it happens again, memory may be short: take fewer workers or smaller batches.',
    ...(cause !== undefined && { cause }),
  });
}
