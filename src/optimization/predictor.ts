import { type Handle, type Runtime, type Session, tensorData } from '../engine/index.ts';
import { type ModelSignature, type ModelSpec, orderByFamily } from '../model/index.ts';
import type { FittedTask } from '../problem/index.ts';
import { kindOf } from '../problem/index.ts';
import { buildPrediction, type Prediction } from './prediction.ts';
import { type RowSource, rowChunks, rowsPerRun } from './row-chunks.ts';
import { THETA } from './training-step.ts';
import { Watch, type WatchedTable } from './watching.ts';

/** Predictions of some rows by every replica. */
export class Outputs {
  readonly #perTask: readonly (readonly Float32Array[])[];

  /** What the model's probes said over these rows. */
  readonly watched: readonly WatchedTable[];

  /** @param perTask [replica][task] arrays [rows, outputWidth] */
  constructor(perTask: readonly (readonly Float32Array[])[], watched: readonly WatchedTable[] = []) {
    this.#perTask = perTask;
    this.watched = watched;
  }

  /** [rows, outputWidth] of one task by one replica; in a long problem every row, whatever its task. */
  of(replica: number, task: number): Float32Array {
    return this.#perTask[replica]![task]!;
  }

  /** The outputs of given positions alone. */
  at(replica: number, task: number, positions: Int32Array, width: number): Float32Array {
    const all = this.of(replica, task);
    const picked = new Float32Array(positions.length * width);
    positions.forEach((position, i) => {
      picked.set(all.subarray(position * width, (position + 1) * width), i * width);
    });
    return picked;
  }
}

/** A fixed set of rows, resident with the runtime, that θ after θ predicts. */
export class Predictor {
  readonly #runtime: Runtime;
  readonly #session: Session;
  readonly #prediction: Prediction;
  readonly #tasks: readonly FittedTask[];
  readonly #signature: ModelSignature;
  readonly #seeds: number;
  readonly #chunks: readonly { rows: number; feeds: Record<string, Handle> }[];

  private constructor(
    runtime: Runtime,
    session: Session,
    prediction: Prediction,
    tasks: readonly FittedTask[],
    signature: ModelSignature,
    seeds: number,
    chunks: readonly { rows: number; feeds: Record<string, Handle> }[],
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#prediction = prediction;
    this.#tasks = tasks;
    this.#signature = signature;
    this.#seeds = seeds;
    this.#chunks = chunks;
  }

  /** @param tasks in the order of the model's heads; @param rows of `features` to predict */
  static async open(
    runtime: Runtime,
    model: ModelSpec,
    signature: ModelSignature,
    tasks: readonly FittedTask[],
    seeds: number,
    source: RowSource,
    rows: Int32Array,
  ): Promise<Predictor> {
    const prediction = buildPrediction(model, signature, tasks, seeds);
    const session = await runtime.load(prediction.program);
    const needed = new Set(prediction.program.inputs.map(({ name }) => name));
    const chunks: { rows: number; feeds: Record<string, Handle> }[] = [];
    const most = rowsPerRun(prediction.parameters, seeds, signature.long);
    for (const { rows: part, inputs } of rowChunks(source, tasks, rows, most)) {
      const feeds: Record<string, Handle> = {};
      for (const [name, tensor] of Object.entries(inputs))
        if (needed.has(name)) feeds[name] = await runtime.upload(tensor);
      chunks.push({ rows: part.length, feeds });
    }
    return new Predictor(runtime, session, prediction, tasks, signature, seeds, chunks);
  }

  async predict(theta: Float32Array): Promise<Outputs> {
    const { families } = orderByFamily(this.#signature.heads);
    const total = this.#chunks.reduce((sum, { rows }) => sum + rows, 0);
    const perTask = Array.from({ length: this.#seeds }, () =>
      this.#tasks.map(
        (task) => new Float32Array(this.#signature.long ? 0 : total * kindOf(task.kind).outputWidth(task)),
      ),
    );
    const { lead, size } = this.#prediction.layout;
    let offset = 0;
    const watch = new Watch(this.#prediction.probes, this.#seeds);
    const pooled = this.#signature.long
      ? perTask.map(() => new Float32Array(total * kindOf(this.#tasks[0]!.kind).outputWidth(this.#tasks[0]!)))
      : [];
    for (const { rows, feeds } of this.#chunks) {
      const outputs = await this.#session.run({ ...feeds, [THETA]: tensorData(theta, [...lead, size]) });
      watch.add(outputs);
      for (const { key, start, heads } of families) {
        const values = outputs[key]!.data as Float32Array;
        const width = kindOf(this.#tasks[start]!.kind).outputWidth(this.#tasks[start]!);
        for (let s = 0; s < this.#seeds; s++) {
          if (this.#signature.long) {
            pooled[s]!.set(values.subarray(s * rows * width, (s + 1) * rows * width), offset * width);
            continue;
          }
          const own = values.subarray(s * rows * heads.length * width);
          heads.forEach((_, h) => {
            const out = perTask[s]![start + h]!;
            for (let row = 0; row < rows; row++)
              for (let c = 0; c < width; c++)
                out[(offset + row) * width + c] = own[(row * heads.length + h) * width + c]!;
          });
        }
      }
      offset += rows;
    }
    const all = this.#signature.long ? pooled.map((values) => this.#tasks.map(() => values)) : perTask;
    return new Outputs(all, watch.tables);
  }

  async close(): Promise<void> {
    for (const { feeds } of this.#chunks)
      for (const handle of Object.values(feeds)) await this.#runtime.release(handle);
    await this.#session.close();
  }
}
