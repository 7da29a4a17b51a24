import type { Tensor as OrtTensor } from 'onnxruntime-common';
import { PolytaskError } from '../../common/error.ts';
import type { HeldAnswers, Mediator } from '../mediation.ts';
import type { Port } from '../program.ts';
import { nextName, type StepProgram } from '../step.ts';
import type { ConstantData, DType } from '../tensor.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';
import { copyOf, emptyLike, joined, repeated, rowOf, rowsOf } from './feeds.ts';
import type { Feeds, Memory, Stepper } from './runtime.ts';

export type OrtValues = Record<string, OrtTensor>;

/** What a stepper needs of the runtime that it belongs to. */
export interface StepperHost {
  /** Steps that the mediator answers ahead, where it has one that does. */
  readonly held?: HeldSteps;
  /** Checks feeds against ports and makes ONNX Runtime's tensors of them. */
  prepare(ports: readonly Port[], feeds: Feeds, steps?: number): OrtValues;
  run(values: OrtValues): Promise<OrtValues>;
  close(): Promise<void>;
}

/** A step of which answers are known beforehand. */
export interface HeldSteps {
  readonly program: StepProgram;
  ahead(most: number): HeldAnswers | undefined;
  run(values: OrtValues): Promise<OrtValues>;
}

/** Drives a step program in this thread; the state stays in ONNX Runtime's tensors between chunks. */
export class LocalStepper implements Stepper {
  readonly #program: StepProgram;
  readonly #host: StepperHost;
  readonly #reported: readonly Port[];
  #data: OrtValues | undefined;
  #state: OrtValues | undefined;
  /** Calls of one stepper wait for each other: each starts from the state that the last one left. */
  #queue: Promise<unknown> = Promise.resolve();

  /** What its mediator remembers, where it has one. */
  readonly memory?: Memory;

  constructor(program: StepProgram, host: StepperHost, mediator?: Mediator) {
    if (mediator !== undefined)
      this.memory = {
        read: () => this.#inTurn(async () => structuredClone(mediator.state)),
        write: (state) =>
          this.#inTurn(async () => {
            mediator.state = structuredClone(state);
          }),
      };
    this.#program = program;
    this.#host = host;
    this.#reported = program.outputs.slice(program.state.length);
    if (program.data.length === 0) this.#data = {};
    if (program.state.length === 0) this.#state = {};
  }

  bind(feeds: Feeds): Promise<void> {
    return this.#inTurn(async () => {
      this.#data = this.#host.prepare(this.#program.data, feeds);
    });
  }

  write(values: Readonly<Record<string, TensorData>>): Promise<void> {
    return this.#inTurn(async () => {
      const copies = Object.entries(values).map(([name, value]) => [name, copyOf(value)] as const);
      const { state } = this.#program;
      const ports = this.#state === undefined ? state : state.filter(({ name }) => name in values);
      this.#keep({ ...this.#state, ...this.#host.prepare(ports, Object.fromEntries(copies)) });
    });
  }

  read(names?: readonly string[]): Promise<Record<string, TensorData>> {
    return this.#inTurn(async () => {
      const state = this.#ready('state', this.#state);
      const ports = this.#program.state.filter(({ name }) => names?.includes(name) ?? true);
      const values: Record<string, TensorData> = {};
      // One after the other: a device is asked for one thing at a time.
      for (const { name, dtype } of ports) values[name] = await copied(state[name]!, dtype);
      return values;
    });
  }

  advance(steps: number, inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    return this.#inTurn(async () => {
      this.#ready('data', this.#data);
      this.#ready('state', this.#state);
      if (!Number.isInteger(steps) || steps < 0)
        throw new PolytaskError('shape-mismatch', {
          path: `${this.#program.name}/steps`,
          expected: 'a whole number of steps, zero or more',
          found: String(steps),
          help: 'Pass how many rows the per-step inputs have.',
        });
      const prepared = this.#host.prepare(this.#program.step, inputs, steps);
      if (steps === 0) return Object.fromEntries(this.#reported.map((port) => [port.name, nothing(port)]));
      const { held } = this.#host;
      if (held !== undefined) return this.#inParts(held, steps, inputs);
      const { driver } = this.#program;
      return driver === 'looped'
        ? this.#loop(this.#program, steps, prepared)
        : this.#each(this.#program, steps, inputs);
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#keep(undefined);
      this.#data = undefined;
      await this.#host.close();
    });
  }

  /** Steps at which the mediator is asked, one by one, and between them those of which it has told the answers. */
  async #inParts(
    { program, ahead }: HeldSteps,
    steps: number,
    inputs: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>> {
    const parts: Record<string, TensorData>[] = [];
    for (let k = 0; k < steps; ) {
      const known = ahead(steps - k);
      const to = k + (known?.steps ?? 1);
      const own = { ...rowsOf(inputs, this.#program.step, k, to), ...(known && repeated(known)) };
      if (known === undefined) parts.push(await this.#each(this.#program, 1, own));
      else if (program.driver === 'stepwise') parts.push(await this.#each(program, to - k, own));
      else parts.push(await this.#loop(program, to - k, this.#host.prepare(program.step, own, to - k)));
      k = to;
    }
    return Object.fromEntries(
      this.#reported.map(({ name }) => [name, joined(parts.map((part) => part[name]!))]),
    );
  }

  async #loop(program: StepProgram, steps: number, inputs: OrtValues): Promise<Record<string, TensorData>> {
    const count = this.#host.prepare([{ name: 'steps', dtype: 'int64', shape: [] }], {
      steps: tensorData(BigInt64Array.of(BigInt(steps)), [], 'int64'),
    });
    const outputs = await this.#once(program, { ...count, ...inputs });
    return Object.fromEntries(
      this.#reported.map(({ name, dtype }) => [name, fromOrt(outputs[name]!, dtype)]),
    );
  }

  async #each(
    program: StepProgram,
    steps: number,
    inputs: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>> {
    const results: Record<string, TensorData> = {};
    const ports = program.step.map((port) => ({ ...port, shape: port.shape.slice(1) }));
    for (let k = 0; k < steps; k++) {
      const outputs = await this.#once(program, this.#host.prepare(ports, rowOf(inputs, program.step, k)));
      for (const { name, dtype } of this.#reported) {
        const { shape, data } = fromOrt(outputs[name]!, dtype);
        results[name] ??= { dtype, shape: [steps, ...shape], data: emptyLike(data, steps * data.length) };
        (results[name].data as Float32Array).set(data as Float32Array, k * data.length);
      }
    }
    return results;
  }

  async #once(program: StepProgram, inputs: OrtValues): Promise<OrtValues> {
    const { run } = program === this.#program ? this.#host : this.#host.held!;
    const outputs = await run({ ...this.#data, ...this.#state, ...inputs });
    this.#keep(Object.fromEntries(this.#program.state.map(({ name }) => [name, outputs[nextName(name)]!])));
    return outputs;
  }

  #keep(state: OrtValues | undefined): void {
    const kept = new Set(Object.values(state ?? {}));
    for (const old of Object.values(this.#state ?? {}))
      if (old.location !== 'cpu' && !kept.has(old)) old.dispose();
    this.#state = state;
  }

  #ready(what: 'data' | 'state', values: OrtValues | undefined): OrtValues {
    if (values !== undefined) return values;
    const names = this.#program[what].map(({ name }) => name).join(', ');
    throw new PolytaskError('input-missing', {
      path: this.#program.name,
      expected: `${what}: ${names}`,
      found: 'none yet, or a stepper that was closed',
      help: what === 'data' ? 'Call bind() first.' : 'Call write() first.',
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

export function fromOrt(tensor: OrtTensor, dtype: DType): TensorData {
  return { dtype, shape: tensor.dims, data: tensor.data as ConstantData };
}

/** A copy on the host, wherever the tensor is. */
async function copied(tensor: OrtTensor, dtype: DType): Promise<TensorData> {
  if (tensor.location === 'cpu') return copyOf(fromOrt(tensor, dtype));
  return { dtype, shape: [...tensor.dims], data: (await tensor.getData()) as ConstantData };
}

function nothing({ dtype, shape }: Port): TensorData {
  const rest = shape[0] === 'steps' ? shape.slice(1) : shape;
  return tensorData([], [0, ...rest.map((dim) => (typeof dim === 'number' ? dim : 0))], dtype);
}
