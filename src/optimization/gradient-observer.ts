import { RandomStream } from '../common/random.ts';
import { type Handle, type Runtime, type Session, type TensorData, tensorData } from '../engine/index.ts';
import { type GradientProgram, gradientProgram, RATE, SOURCES } from './gradient-program.ts';
import type { ObservedPoint } from './observed-point.ts';
import type { Moment, Observer } from './observer.ts';
import { RowStream } from './sampling/sampler.ts';
import type { LossesSpec } from './step-losses.ts';
import type { TrainingSetup } from './training.ts';
import { THETA } from './training-step.ts';

/** What one look at the tasks' gradients saw; T tasks, of which M were compared. */
export interface GradientLook {
  /** The tasks whose gradients were compared, as positions. */
  readonly compared: readonly number[];
  /** Of all tasks, [T]; 0 where a task has no labels among the rows. */
  readonly losses: Float32Array;
  /** gᵢ·g_j on the shared parameters of each layer, [layer][M · M]. */
  readonly gramians: readonly Float32Array[];
  /** Where it looked ahead: the losses of all tasks after a step of one, [T]. */
  readonly ahead?: readonly { readonly source: number; readonly losses: Float32Array }[];
  /** η of that step. */
  readonly rate: number;
}

/** What remembers looks: plain JSON by `toJSON`. */
export interface GradientRecorder {
  add(look: GradientLook): void;
  /** What was added since this was last asked, for the curves; undefined where nothing was. */
  told?(): ObservedPoint | undefined;
  toJSON(): unknown;
}

export interface GradientObserverOptions {
  /** Steps between two looks, at first. */
  readonly every: number;
  /** Steps before the first look; default 0. */
  readonly first?: number;
  /** Later looks lie apart by at least this share of the steps so far; 0, the default, for looks that never thin out. */
  readonly thinning?: number;
  /** S, how many tasks a look takes; all of them come up in turn, in ever new company. */
  readonly sources: number;
  /** Whether the losses after a step of each source are computed. */
  readonly looksAhead: boolean;
  /** η of that step. */
  readonly rate: number;
  /** Where rows of one task each stand in blocks: the training rows of each task, and how many of them a look draws. */
  readonly blocks?: { readonly rows: readonly Int32Array[]; readonly size: number };
  /** A recorder that goes on from what one said, or a new one. */
  record(layers: readonly string[], seen: unknown): GradientRecorder;
}

/**
 * Looks at the tasks' gradients of the shared parameters in the first replica, layer by layer, on the rows of a step, or on
 * blocks of rows that have a stream of their own, under the dropout masks of that step.
 */
export class GradientObserver implements Observer {
  readonly #session: Session;
  readonly #tables: Readonly<Record<string, Handle>>;
  readonly #runtime: Runtime;
  readonly #program: GradientProgram;
  readonly #options: GradientObserverOptions;
  readonly #tasks: number;
  readonly #turns: RandomStream;
  readonly #rows: readonly RowStream[] | undefined;
  /** Of the looks, as far as they were asked for. */
  readonly #steps: number[];
  #recorder: GradientRecorder;

  private constructor(
    runtime: Runtime,
    loaded: { session: Session; program: GradientProgram; tables: Record<string, Handle> },
    setup: Pick<TrainingSetup, 'graph' | 'seeds'>,
    options: GradientObserverOptions,
  ) {
    this.#runtime = runtime;
    this.#session = loaded.session;
    this.#program = loaded.program;
    this.#tables = loaded.tables;
    this.#options = options;
    this.#steps = [options.first ?? 0];
    const names = setup.graph.tasks.map(({ name }) => name);
    const seed = setup.seeds[0]!;
    this.#tasks = names.length;
    this.#turns = new RandomStream(seed, 'gradients/sources');
    this.#rows = options.blocks?.rows.map((rows, t) => new RowStream(rows, seed, `gradients/${names[t]}`));
    this.#recorder = options.record(loaded.program.layers, undefined);
  }

  /** @returns undefined where tasks share nothing */
  static async open(
    runtime: Runtime,
    setup: Pick<TrainingSetup, 'graph' | 'seeds' | 'sampler' | 'tables'>,
    options: GradientObserverOptions,
  ): Promise<GradientObserver | undefined> {
    const { graph, sampler } = setup;
    const { blocks } = options;
    const spec: LossesSpec = {
      ...graph,
      layout: blocks === undefined ? graph.layout : 'blocks',
      rowsPerStep: blocks === undefined ? sampler.rowsPerStep : blocks.rows.length * blocks.size,
    };
    const program = gradientProgram(spec, options.sources, options.looksAhead);
    if (program === undefined) return undefined;
    const session = await runtime.load(program.program);
    const needed = new Set(program.program.inputs.map(({ name }) => name));
    const tables: Record<string, Handle> = {};
    for (const [name, table] of Object.entries(setup.tables))
      if (needed.has(name)) tables[name] = await runtime.upload(table);
    return new GradientObserver(runtime, { session, program, tables }, setup, options);
  }

  next(step: number): number {
    return this.#steps.find((at) => at >= step) ?? this.#extended(step);
  }

  /** Goes on with the steps of the looks up to one that is not before `step`. */
  #extended(step: number): number {
    const { every, thinning = 0 } = this.#options;
    while (this.#steps.at(-1)! < step) {
      const last = this.#steps.at(-1)!;
      this.#steps.push(last + Math.max(every, Math.floor(thinning * last)));
    }
    return this.#steps.at(-1)!;
  }

  async look({ step, theta, feeds }: Moment): Promise<void> {
    const turn = this.#steps.indexOf(this.next(step));
    const { sources: count, rate, looksAhead } = this.#options;
    const sources = this.#sourcesOf(turn);
    const { losses, gramians, after } = await this.#session.run({
      ...this.#tables,
      ...this.#firstOf(feeds),
      ...(this.#rows && { rows: this.#blocks(turn) }),
      // Also where training takes one task a step.
      'task-weights': tensorData(new Float32Array(this.#tasks).fill(1), [this.#tasks]),
      [THETA]: tensorData(theta.subarray(0, this.#program.size), [this.#program.size]),
      [SOURCES]: tensorData(Int32Array.from(sources), [count], 'int32'),
      [RATE]: tensorData([rate], []),
    });
    const ahead = looksAhead ? parts(after!, count) : [];
    this.#recorder.add({
      compared: this.#program.compares === 'all' ? everyOne(this.#tasks) : sources,
      losses: losses!.data as Float32Array,
      gramians: parts(gramians!, this.#program.layers.length),
      ...(looksAhead && { ahead: ahead.map((own, i) => ({ source: sources[i]!, losses: own })) }),
      rate,
    });
  }

  /** Tasks come in the order of ever new permutations; where one ends in the middle of a look, its first fill the rest. */
  #sourcesOf(turn: number): number[] {
    const { sources } = this.#options;
    if (sources === this.#tasks) return everyOne(sources);
    const turns = Math.ceil(this.#tasks / sources);
    const order = this.#turns.permutation(this.#tasks, Math.floor(turn / turns));
    const first = (turn % turns) * sources;
    return Array.from({ length: sources }, (_, i) => order[(first + i) % this.#tasks]!);
  }

  /** What the next step is fed in the first replica. */
  #firstOf(feeds: Moment['feeds']): Record<string, TensorData> {
    const own: Record<string, TensorData> = {};
    for (const { name, shape, dtype } of this.#program.program.inputs) {
      const size = (shape as number[]).reduce((a, b) => a * b, 1);
      const given = feeds[name];
      if (given) own[name] = { data: given.data.subarray(0, size), shape: shape as number[], dtype };
    }
    return own;
  }

  #blocks(turn: number): TensorData {
    const { size } = this.#options.blocks!;
    const rows = new Int32Array(this.#tasks * size);
    this.#rows!.forEach((stream, t) => {
      stream.fill(rows.subarray(t * size, (t + 1) * size), turn * size);
    });
    return tensorData(rows, [rows.length], 'int32');
  }

  told(): ObservedPoint | undefined {
    return this.#recorder.told?.();
  }

  read(): unknown {
    return this.#recorder.toJSON();
  }

  write(seen: unknown): void {
    this.#recorder = this.#options.record(this.#program.layers, seen);
  }

  async close(): Promise<void> {
    for (const handle of Object.values(this.#tables)) await this.#runtime.release(handle);
    await this.#session.close();
  }
}

const everyOne = (tasks: number): number[] => Array.from({ length: tasks }, (_, t) => t);

/** A tensor [parts, …] as arrays. */
function parts({ data }: TensorData, count: number): Float32Array[] {
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => (data as Float32Array).slice(i * size, (i + 1) * size));
}
