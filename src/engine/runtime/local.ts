import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-common';
import { PolytaskError } from '../../common/error.ts';
import type { Port, Program } from '../program.ts';
import { nextName, type StepProgram } from '../step.ts';
import type { ConstantData, DType } from '../tensor.ts';
import type { TensorData } from '../tensor-data.ts';
import type { Feed, Feeds, Handle, Runtime, RuntimeName, Session, Stepper } from './runtime.ts';

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
}

const PROVIDERS: Record<RuntimeName, string> = { native: 'cpu', wasm: 'wasm', webgpu: 'webgpu' };
const ELEMENT_TYPES: Record<DType, string> = {
  float32: 'float32',
  float64: 'float64',
  int32: 'int32',
  int64: 'int64',
  bool: 'bool',
};

/**
 * Runs programs in this thread over an ONNX Runtime that is handed in.
 *
 * @example const runtime = new LocalRuntime(await import('onnxruntime-node'), { name: 'native', threads: 2 });
 */
export class LocalRuntime implements Runtime {
  readonly name: RuntimeName;
  readonly threads: number;
  readonly #ort: Ort;
  readonly #options: InferenceSession.SessionOptions;
  readonly #sessions = new Map<string, { session: Promise<InferenceSession>; users: number }>();
  readonly #tensors = new Map<number, OrtTensor>();
  #nextHandle = 1;
  /** ONNX Runtime for the web refuses overlapping runs of one instance: they queue here. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ort: Ort, options: LocalRuntimeOptions) {
    this.#ort = ort;
    this.name = options.name;
    this.threads = options.threads ?? 1;
    this.#options = {
      executionProviders: [PROVIDERS[options.name]],
      graphOptimizationLevel: options.optimisation ?? 'all',
      intraOpNumThreads: this.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
    };
  }

  async load(program: Program): Promise<Session> {
    const { session, close } = await this.#open(program);
    return {
      run: async (feeds) => {
        checkInputs(program.name, program.inputs, feeds);
        const outputs = await this.#run(program.name, session, this.#feeds(feeds));
        return Object.fromEntries(
          program.outputs.map((port) => [port.name, fromOrt(outputs[port.name]!, port.dtype)]),
        );
      },
      close,
    };
  }

  async loadStep(program: StepProgram): Promise<Stepper> {
    const { session, close } = await this.#open(program);
    const reported = program.outputs.slice(program.state.length);
    let data: Record<string, OrtTensor> = {};
    let state: Record<string, OrtTensor> = {};
    const once = async (feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>> => {
      const outputs = await this.#run(program.name, session, { ...data, ...state, ...feeds });
      state = Object.fromEntries(program.state.map(({ name }) => [name, outputs[nextName(name)]!]));
      return outputs;
    };
    return {
      bind: async (feeds) => {
        checkInputs(program.name, program.data, feeds);
        data = this.#feeds(feeds);
      },
      write: async (values) => {
        checkInputs(program.name, program.state, values);
        state = this.#feeds(values);
      },
      read: async () =>
        Object.fromEntries(program.state.map(({ name, dtype }) => [name, fromOrt(state[name]!, dtype)])),
      advance: async (steps, inputs) => {
        checkInputs(program.name, program.step, inputs);
        if (program.driver === 'looped') {
          const count = this.#toOrt({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(steps)) });
          const outputs = await once({ steps: count, ...this.#feeds(inputs) });
          return Object.fromEntries(
            reported.map(({ name, dtype }) => [name, fromOrt(outputs[name]!, dtype)]),
          );
        }
        const rows: Record<string, OrtTensor>[] = [];
        for (let k = 0; k < steps; k++) {
          const outputs = await once(this.#feeds(rowOf(inputs, program.step, k)));
          rows.push(Object.fromEntries(reported.map(({ name }) => [name, outputs[name]!])));
        }
        return Object.fromEntries(
          reported.map((port) => [
            port.name,
            stackRows(
              rows.map((row) => row[port.name]!),
              port,
            ),
          ]),
        );
      },
      close: async () => {
        data = {};
        state = {};
        await close();
      },
    };
  }

  async upload(tensor: TensorData): Promise<Handle> {
    const handle = this.#nextHandle++;
    this.#tensors.set(handle, this.#toOrt(tensor));
    return { handle };
  }

  async release({ handle }: Handle): Promise<void> {
    this.#tensors.delete(handle);
  }

  async close(): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    this.#tensors.clear();
    for (const { session } of open) await (await session).release();
  }

  async #open(program: Program): Promise<{ session: InferenceSession; close: () => Promise<void> }> {
    let entry = this.#sessions.get(program.key);
    if (entry === undefined) {
      entry = { session: this.#ort.InferenceSession.create(program.bytes, this.#options), users: 0 };
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
    const close = async (): Promise<void> => {
      if (--held.users > 0 || this.#sessions.get(program.key) !== held) return;
      this.#sessions.delete(program.key);
      await session.release();
    };
    return { session, close };
  }

  #run(
    name: string,
    session: InferenceSession,
    feeds: Record<string, OrtTensor>,
  ): Promise<Record<string, OrtTensor>> {
    const result = this.#queue.then(async () => {
      try {
        return (await session.run(feeds)) as Record<string, OrtTensor>;
      } catch (cause) {
        throw runtimeError(`run ${name}`, cause);
      }
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #feeds(feeds: Feeds): Record<string, OrtTensor> {
    return Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#resolve(name, feed)]));
  }

  #resolve(name: string, feed: Feed): OrtTensor {
    if (!('handle' in feed)) return this.#toOrt(feed);
    const tensor = this.#tensors.get(feed.handle);
    if (tensor === undefined)
      throw new PolytaskError('input-missing', {
        path: name,
        expected: 'a handle of this runtime that was not released',
        found: `handle ${feed.handle}`,
        help: 'Upload the tensor again.',
      });
    return tensor;
  }

  #toOrt({ dtype, shape, data }: TensorData): OrtTensor {
    return new this.#ort.Tensor(ELEMENT_TYPES[dtype] as 'float32', data as Float32Array, shape);
  }
}

function fromOrt(tensor: OrtTensor, dtype: DType): TensorData {
  return { dtype, shape: tensor.dims, data: tensor.data as ConstantData };
}

/** The inputs of step k: row k of every per-step tensor. */
function rowOf(inputs: Readonly<Record<string, TensorData>>, ports: readonly Port[], k: number): Feeds {
  return Object.fromEntries(
    ports.map(({ name }) => {
      const { dtype, shape, data } = inputs[name]!;
      const size = shape.slice(1).reduce((a, b) => a * b, 1);
      return [name, { dtype, shape: shape.slice(1), data: data.slice(k * size, (k + 1) * size) }];
    }),
  );
}

function stackRows(rows: readonly OrtTensor[], { dtype }: Port): TensorData {
  const size = rows[0]?.size ?? 0;
  const data = new (rows[0]!.data.constructor as new (n: number) => ConstantData)(size * rows.length);
  rows.forEach((row, k) => {
    (data as Float32Array).set(row.data as Float32Array, k * size);
  });
  return { dtype, shape: [rows.length, ...rows[0]!.dims], data };
}

function checkInputs(program: string, ports: readonly Port[], feeds: Feeds): void {
  for (const { name, dtype, shape } of ports) {
    const feed = feeds[name];
    if (feed === undefined)
      throw new PolytaskError('input-missing', {
        path: `${program}/${name}`,
        expected: `an input "${name}" of ${dtype} [${shape.join(', ')}]`,
        found: `inputs ${Object.keys(feeds).join(', ') || 'none'}`,
        help: 'Feed every input that the program lists.',
      });
    if ('handle' in feed) continue;
    const fits =
      feed.shape.length === shape.length &&
      shape.every((dim, i) => typeof dim === 'string' || dim === feed.shape[i]);
    if (feed.dtype !== dtype || !fits)
      throw new PolytaskError('shape-mismatch', {
        path: `${program}/${name}`,
        expected: `${dtype} [${shape.join(', ')}]`,
        found: `${feed.dtype} [${feed.shape.join(', ')}]`,
        help: 'The fed tensor must have the dtype and shape of the input.',
      });
  }
}

function runtimeError(what: string, cause: unknown): PolytaskError {
  return new PolytaskError('runtime-failed', {
    path: what,
    expected: 'a graph that ONNX Runtime accepts',
    found: cause instanceof Error ? cause.message.split('\n')[0]! : String(cause),
    help: 'The name in the message is the layer; run with optimisation "disabled" to rule out a graph rewrite.',
    cause,
  });
}
