import type { MediatedProgram } from '../mediation.ts';
import type { Program } from '../program.ts';
import type { Driver, StepProgram } from '../step.ts';
import type { TensorData } from '../tensor-data.ts';

/** Which ONNX Runtime does the work. */
export type RuntimeName = 'native' | 'wasm' | 'webgpu';

/** A tensor that stays where the work is done. */
export interface Handle {
  readonly handle: number;
}

export type Feed = TensorData | Handle;
export type Feeds = Readonly<Record<string, Feed>>;

/**
 * Where programs run. Everything is asynchronous, so that the work may live in another thread; tensors that are used
 * again and again (the data set, the state of training) are uploaded once and named by a handle.
 *
 * Arrays that are handed in stay the caller's: they are never detached. A runtime in the same thread may keep
 * uploaded and bound arrays without a copy, so leave their elements alone until they are released.
 */
export interface Runtime {
  readonly name: RuntimeName;
  readonly threads: number;
  /** One line for people: which runtime works here, and why this one. */
  readonly note: string;
  /** Loads a program; programs of equal content share one session. */
  load(program: Program): Promise<Session>;
  /** Loads a training step whose state lives with the runtime. */
  loadStep(program: StepProgram | MediatedProgram): Promise<Stepper>;
  upload(tensor: TensorData): Promise<Handle>;
  release(handle: Handle): Promise<void>;
  /** Waits for the run in progress, then frees everything. What is asked for later fails with a clear error. */
  close(): Promise<void>;
}

/** A loaded program. */
export interface Session {
  /** Feeds that the program does not list are ignored. */
  run(feeds: Feeds): Promise<Record<string, TensorData>>;
  close(): Promise<void>;
}

/** A loaded training step with its data bound and its state resident. Calls take effect in the order they are made. */
export interface Stepper {
  /** Binds the inputs of role `data`, once; feeds that the step does not list are ignored. */
  bind(data: Feeds): Promise<void>;
  /** Sets the state; once all of it was set, what is not named stays as it is. */
  write(state: Readonly<Record<string, TensorData>>): Promise<void>;
  /** A copy of the state, or of what is named of it; after a failed `advance`, the state of the last step that was completed and kept. */
  read(names?: readonly string[]): Promise<Record<string, TensorData>>;
  /**
   * Takes `steps` steps.
   *
   * @param inputs for each input of role `step` a tensor [steps, …]
   * @returns for each output a tensor [steps, …]
   */
  advance(steps: number, inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  /** What the step's mediator remembers: plain JSON. Only steps in two halves have it. */
  readonly memory?: Memory;
  close(): Promise<void>;
}

export interface Memory {
  read(): Promise<unknown>;
  write(state: unknown): Promise<void>;
}

/** How steps are driven there: WebGPU has no kernel for a loop, and its state would pass through the processor. */
export const driverFor = ({ name }: Pick<Runtime, 'name'>): Driver =>
  name === 'webgpu' ? 'stepwise' : 'looped';
