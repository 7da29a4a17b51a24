import { Worker } from 'node:worker_threads';
import { PolytaskError } from '../../common/error.ts';
import type { MediatedProgram } from '../../engine/mediation.ts';
import type { Program } from '../../engine/program.ts';
import { closedError } from '../../engine/runtime/failure.ts';
import type { Handle, Runtime, RuntimeName, Session, Stepper } from '../../engine/runtime/runtime.ts';
import type { StepProgram } from '../../engine/step.ts';
import type { TensorData } from '../../engine/tensor-data.ts';
import type { RuntimeOptions } from './probe.ts';
import { owned, type Ready, type Reply, type RequestName, type Requests, revive } from './protocol.ts';

interface Pending {
  resolve(answer: unknown): void;
  reject(error: PolytaskError): void;
}

/** A runtime whose work happens in a worker thread, so that this one stays responsive. */
export class WorkerRuntime implements Runtime {
  readonly name: RuntimeName;
  readonly threads: number;
  readonly note: string;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextRequest = 1;
  /** Why the worker can no longer be asked. */
  #ended: PolytaskError | undefined;

  private constructor(worker: Worker, ready: Exclude<Ready, { error: unknown }>) {
    this.#worker = worker;
    ({ name: this.name, threads: this.threads, note: this.note } = ready);
    worker.on('message', (reply: Reply) => this.#settle(reply));
    worker.on('error', (error) => this.#end(crashed(error.message, error)));
    worker.on('exit', (code) => this.#end(crashed(`it stopped with exit code ${code}`)));
    // Only work keeps the process alive, not a runtime that somebody forgot to close.
    worker.unref();
  }

  /** Starts the worker and waits until its runtime has proved itself. */
  static async open(file: URL, options: RuntimeOptions): Promise<WorkerRuntime> {
    // The flags of this process are not for the worker: `node --input-type=module -e` would make it fail.
    const worker = new Worker(file, { workerData: options, name: 'polytask', execArgv: [] });
    const ready = await new Promise<Ready>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => reject(crashed(error.message, error)));
      worker.once('exit', (code) => reject(crashed(`it stopped with exit code ${code}`)));
    });
    if (!('error' in ready)) return new WorkerRuntime(worker, ready);
    await worker.terminate();
    throw revive(ready.error);
  }

  async load(program: Program): Promise<Session> {
    const id = await this.#ask('load', { program });
    return {
      run: (feeds) => this.#ask('run', { id, feeds }),
      close: () => this.#closeLoaded(id),
    };
  }

  async loadStep(program: StepProgram | MediatedProgram): Promise<Stepper> {
    const id = await this.#ask('loadStep', { program });
    const memory = {
      read: () => this.#ask('recall', { id }),
      write: async (state: unknown) => void (await this.#ask('remember', { id, memory: state })),
    };
    return {
      ...('mediation' in program && { memory }),
      bind: (feeds) => this.#ask('bind', { id, feeds }),
      write: (values) => this.#ask('write', { id, values }),
      read: (names) => this.#ask('read', names === undefined ? { id } : { id, names }),
      advance: (steps, inputs) => this.#ask('advance', { id, steps, inputs }),
      close: () => this.#closeLoaded(id),
    };
  }

  upload(tensor: TensorData): Promise<Handle> {
    return this.#ask('upload', { tensor });
  }

  release(handle: Handle): Promise<void> {
    return this.#ask('release', { handle });
  }

  async #closeLoaded(id: number): Promise<void> {
    if (this.#ended === undefined) await this.#ask('closeLoaded', { id });
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const released = this.#ask('close', {});
    this.#ended = closedError('worker');
    // A worker that dies while it closes is closed.
    await released.catch(() => undefined);
    await this.#worker.terminate();
    this.#rejectAll(this.#ended);
  }

  #ask<N extends RequestName>(name: N, ask: Requests[N]['ask']): Promise<Requests[N]['answer']> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const request = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      const { message, transfer } = owned(ask);
      this.#worker.postMessage({ request, name, ask: message }, transfer);
      this.#pending.set(request, { resolve: resolve as (answer: unknown) => void, reject });
      this.#worker.ref();
    });
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.request);
    this.#pending.delete(reply.request);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('error' in reply) pending?.reject(revive(reply.error));
    else pending?.resolve(reply.answer);
  }

  #end(error: PolytaskError): void {
    this.#ended ??= error;
    this.#rejectAll(this.#ended);
  }

  #rejectAll(error: PolytaskError): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function crashed(found: string, cause?: unknown): PolytaskError {
  return new PolytaskError('runtime-failed', {
    path: 'worker',
    expected: 'a worker that answers',
    found,
    help: 'Often memory ran out: try a smaller batch or model. What was saved before is intact.',
    ...(cause !== undefined && { cause }),
  });
}
