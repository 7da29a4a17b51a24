import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-common';
import { PolytaskError } from '../../common/error.ts';
import type { MediatedProgram, Mediator, MediatorSpec, Mediators } from '../mediation.ts';
import type { Port, Program } from '../program.ts';
import { nextName, type StepProgram } from '../step.ts';
import type { TensorData } from '../tensor-data.ts';
import { closedError, runtimeError } from './failure.ts';
import { checkFeed, checkSize, feedOf } from './feeds.ts';
import { fromOrt, LocalStepper, type OrtValues } from './local-stepper.ts';
import type { Feeds, Handle, Runtime, RuntimeName, Session, Stepper } from './runtime.ts';

/** What onnxruntime-node and onnxruntime-web have in common: whoever runs the engine hands one in. */
export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OrtTensor;
}

export interface LocalRuntimeOptions {
  readonly name: RuntimeName;
  readonly threads?: number;
  /** Graph optimisation of ONNX Runtime; `disabled` is for tests that compare. */
  readonly optimisation?: 'all' | 'disabled';
  readonly note?: string;
  /**
   * Whether the state of training stays in the device's memory between steps; onnxruntime-web does it, onnxruntime-node 1.30
   * aborts when it is read back.
   */
  readonly deviceState?: boolean;
  /**
   * What the runtime's kernels need done to a model, as `forWebGpu` does. Given by whoever opens it, so that a page that only predicts
   * needs no code for it.
   */
  readonly rewrite?: (model: Uint8Array) => Uint8Array;
  /** What may decide between the halves of a step. */
  readonly mediators?: Mediators;
}

const PROVIDERS: Record<RuntimeName, string> = { native: 'cpu', wasm: 'wasm', webgpu: 'webgpu' };

/**
 * Where the largest node of a program does less, it runs in one thread: about 16 MFLOP take a core as long as waking
 * another a few times.
 */
const LEAST_WORK = 8_000_000;

/**
 * Runs programs in this thread over an ONNX Runtime that is handed in.
 *
 * @example const runtime = new LocalRuntime(await import('onnxruntime-node'), { name: 'native', threads: 2 });
 */
export class LocalRuntime implements Runtime {
  readonly name: RuntimeName;
  readonly threads: number;
  readonly note: string;
  readonly #ort: Ort;
  readonly #options: InferenceSession.SessionOptions;
  readonly #mediators: Mediators;
  readonly #deviceState: boolean;
  readonly #rewrite: (model: Uint8Array) => Uint8Array;
  readonly #sessions = new Map<string, { session: Promise<InferenceSession>; users: number }>();
  readonly #tensors = new Map<number, OrtTensor>();
  #nextHandle = 1;
  #closed = false;
  /** ONNX Runtime for the web refuses overlapping runs of one instance: they queue here. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ort: Ort, options: LocalRuntimeOptions) {
    this.#ort = ort;
    this.#mediators = options.mediators ?? {};
    this.#deviceState = options.deviceState ?? false;
    this.#rewrite = options.rewrite ?? ((model) => model);
    this.name = options.name;
    this.threads = options.threads ?? 1;
    this.note = options.note ?? `${this.name}, ${this.threads} thread${this.threads === 1 ? '' : 's'}`;
    this.#options = {
      executionProviders: [PROVIDERS[options.name]],
      graphOptimizationLevel: options.optimisation ?? 'all',
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // What goes wrong is thrown; a copy on the console would only be noise.
      logSeverityLevel: 4,
      extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
    };
  }

  async load(program: Program): Promise<Session> {
    const { run, close } = await this.#open(program);
    return {
      run: async (feeds) => {
        const values = this.#prepare(program.name, program.inputs, feeds);
        const outputs = await run(
          values,
          program.outputs.map(({ name }) => name),
        );
        return Object.fromEntries(
          program.outputs.map(({ name, dtype }) => [name, fromOrt(outputs[name]!, dtype)]),
        );
      },
      close,
    };
  }

  async loadStep(program: StepProgram | MediatedProgram): Promise<Stepper> {
    if ('mediation' in program) return this.#loadMediated(program);
    const { run, close } = await this.#open(program, this.#keepsState(program));
    const prepare = (ports: readonly Port[], feeds: Feeds, steps?: number): OrtValues =>
      this.#prepare(program.name, ports, feeds, steps);
    return new LocalStepper(program, { prepare, run, close });
  }

  async #loadMediated(program: MediatedProgram): Promise<Stepper> {
    const { first, mediator: spec, asked, reported, held } = program.mediation;
    const mediator = createMediator(this.#mediators, spec);
    // One block of memory for all that the tasks pull back would be far larger than what is ever held of it.
    const before = await this.#open(first, { enableMemPattern: false });
    const after = await this.#open(program, this.#keepsState(program));
    const between = held && mediator.ahead && (await this.#open(held, this.#keepsState(held)));
    const run = async (values: OrtValues): Promise<OrtValues> => {
      const early = await before.run(pick(values, first.inputs));
      const questions = first.outputs.filter(({ name }) => asked.includes(name));
      const answers = mediator.answer(
        Object.fromEntries(questions.map(({ name, dtype }) => [name, fromOrt(early[name]!, dtype)])),
      );
      const given = Object.entries(answers).map(
        ([name, answer]) => [name, this.#toOrt(`${program.name}/${name}`, answer)] as const,
      );
      const late = await after.run(
        pick({ ...values, ...early, ...Object.fromEntries(given) }, program.inputs),
      );
      return { ...late, ...Object.fromEntries(reported.map(([name, from]) => [name, early[from]!])) };
    };
    const close = async (): Promise<void> => {
      await before.close();
      await after.close();
      await between?.close();
    };
    const prepare = (ports: readonly Port[], feeds: Feeds, steps?: number): OrtValues =>
      this.#prepare(program.name, ports, feeds, steps);
    const rest = between && {
      held: {
        program: held!,
        ahead: (most: number) => mediator.ahead!(most),
        run: (values: OrtValues) => between.run(pick(values, held!.inputs)),
      },
    };
    return new LocalStepper(program, { prepare, run, close, ...rest }, mediator);
  }

  /** Where the next state of a step is left. */
  #keepsState({ state }: StepProgram): InferenceSession.SessionOptions {
    if (!this.#deviceState) return {};
    const places = state.map(({ name }) => [nextName(name), 'gpu-buffer'] as const);
    return { preferredOutputLocation: Object.fromEntries(places) };
  }

  async upload(tensor: TensorData): Promise<Handle> {
    this.#refuseIfClosed('upload');
    checkSize('upload', tensor);
    const handle = this.#nextHandle++;
    this.#tensors.set(handle, this.#toOrt('upload', tensor));
    return { handle };
  }

  async release({ handle }: Handle): Promise<void> {
    this.#tensors.delete(handle);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue;
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    this.#tensors.clear();
    for (const { session } of open) await (await session).release();
  }

  async #open(
    program: Program,
    own: InferenceSession.SessionOptions = {},
  ): Promise<{
    run(values: OrtValues, fetches?: readonly string[]): Promise<OrtValues>;
    close(): Promise<void>;
  }> {
    this.#refuseIfClosed(`load ${program.name}`);
    let entry = this.#sessions.get(program.key);
    if (entry === undefined) {
      const threads = program.work < LEAST_WORK ? 1 : this.threads;
      const options = { ...this.#options, ...own, intraOpNumThreads: threads };
      const model = this.#rewrite(program.bytes);
      entry = { session: this.#ort.InferenceSession.create(model, options), users: 0 };
      this.#sessions.set(program.key, entry);
    }
    entry.users++;
    const held = entry;
    let session: InferenceSession;
    try {
      session = await held.session;
    } catch (cause) {
      this.#sessions.delete(program.key);
      throw runtimeError(`load ${program.name}`, cause);
    }
    let open = true;
    return {
      run: async (values, fetches) => {
        if (!open) throw closedError(`run ${program.name}`);
        return this.#run(program.name, session, values, fetches);
      },
      close: async () => {
        if (!open) return;
        open = false;
        if (--held.users > 0 || this.#sessions.get(program.key) !== held) return;
        this.#sessions.delete(program.key);
        await this.#queue;
        await session.release();
      },
    };
  }

  #run(
    name: string,
    session: InferenceSession,
    values: OrtValues,
    fetches?: readonly string[],
  ): Promise<OrtValues> {
    const result = this.#queue.then(async () => {
      this.#refuseIfClosed(`run ${name}`);
      try {
        return (await (fetches ? session.run(values, fetches) : session.run(values))) as OrtValues;
      } catch (cause) {
        throw runtimeError(`run ${name}`, cause);
      }
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #prepare(program: string, ports: readonly Port[], feeds: Feeds, steps?: number): OrtValues {
    const values: OrtValues = {};
    for (const port of ports) {
      const path = `${program}/${port.name}`;
      const feed = feedOf(program, port, feeds);
      if (!('handle' in feed)) {
        checkFeed(program, port, feed, steps);
        checkSize(path, feed);
        values[port.name] = this.#toOrt(path, feed);
        continue;
      }
      const tensor = this.#tensors.get(feed.handle);
      if (tensor === undefined)
        throw new PolytaskError('input-missing', {
          path,
          expected: 'a handle of this runtime that was not released',
          found: `handle ${feed.handle}`,
          help: 'Upload the tensor again.',
        });
      checkFeed(program, port, { dtype: tensor.type, shape: tensor.dims }, steps);
      values[port.name] = tensor;
    }
    return values;
  }

  #toOrt(path: string, { dtype, shape, data }: TensorData): OrtTensor {
    try {
      return new this.#ort.Tensor(dtype as 'float32', data as Float32Array, shape);
    } catch (cause) {
      throw new PolytaskError('dtype-mismatch', {
        path,
        expected: `elements of ${dtype}`,
        found: `a ${data.constructor.name}`,
        help: 'Build tensors with tensorData(values, shape, dtype).',
        cause,
      });
    }
  }

  #refuseIfClosed(what: string): void {
    if (this.#closed) throw closedError(what);
  }
}

/** The values of some ports. */
function pick(values: OrtValues, ports: readonly Port[]): OrtValues {
  return Object.fromEntries(ports.map(({ name }) => [name, values[name]!]));
}

function createMediator(mediators: Mediators, { name, settings }: MediatorSpec): Mediator {
  if (Object.hasOwn(mediators, name)) return mediators[name]!(settings);
  throw new PolytaskError('runtime-failed', {
    path: `mediator ${name}`,
    expected: Object.keys(mediators).join(' | ') || 'a runtime that was opened with mediators',
    found: name,
    help: 'Hand the mediator in when the runtime is opened.',
  });
}
