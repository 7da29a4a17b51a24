import type { GraphPorts } from '../artefact/index.ts';
import { type Features, featureTensors, takeFeatures } from '../data/index.ts';
import { contentKey } from '../engine/onnx/hash.ts';
import type { Program } from '../engine/program.ts';
import type { Runtime, Session } from '../engine/runtime/runtime.ts';
import { type TensorData, tensorData } from '../engine/tensor-data.ts';
import { answerOf, type FittedTask } from '../problem/index.ts';

const ROWS_PER_RUN = 1024;

/** Raw predictions of some rows: for each task the link's outputs, [rows, width] in the users' units. */
export type RawOutputs = ReadonlyMap<string, { readonly width: number; readonly data: Float32Array }>;

/** An output of a graph: what it is called there and for the user, and the task whose units it has. */
export interface GraphOutput {
  readonly name: string;
  readonly output: string;
  readonly fitted: FittedTask;
}

/** What rows carry beside their features. */
export interface RowTasks {
  /** The task of each row, for a graph with parameters of each. */
  readonly codes?: Int32Array | undefined;
  /** z of the task of each row, [rows, Z]. */
  readonly z?: { readonly width: number; readonly data: Float32Array } | undefined;
}

/** A graph of a model, ready to run. */
export class LoadedGraph {
  readonly #runtime: Runtime;
  readonly #program: Program;
  readonly #session: Session;
  readonly #inputs: readonly string[];
  readonly #outputs: readonly (GraphOutput & { readonly width: number })[];

  private constructor(runtime: Runtime, program: Program, session: Session, outputs: readonly GraphOutput[]) {
    this.#runtime = runtime;
    this.#program = program;
    this.#session = session;
    this.#inputs = program.inputs.map(({ name }) => name);
    this.#outputs = outputs.map((output) => ({ ...output, width: widthOf(output.fitted) }));
  }

  static async open(
    runtime: Runtime,
    name: string,
    bytes: Uint8Array,
    ports: GraphPorts,
    outputs: readonly GraphOutput[],
  ): Promise<LoadedGraph> {
    const asked = new Set(outputs.map(({ output }) => output));
    const program: Program = {
      name,
      bytes,
      inputs: ports.inputs,
      outputs: ports.outputs.filter((port) => asked.has(port.name)),
      key: `${name}/${contentKey(bytes)}`,
      work: Number.POSITIVE_INFINITY,
    };
    return new LoadedGraph(runtime, program, await runtime.load(program), outputs);
  }

  async run(features: Features, rowTasks: RowTasks): Promise<RawOutputs> {
    const results = this.#outputs.map(({ name, output, width }) => ({
      name,
      output,
      width,
      data: new Float32Array(features.rows * width),
    }));
    for (let start = 0; start < features.rows; start += ROWS_PER_RUN) {
      const count = Math.min(ROWS_PER_RUN, features.rows - start);
      const result = await this.#session.run(this.#feeds(features, rowTasks, start, count));
      for (const { output, width, data } of results)
        data.set(result[output]!.data as Float32Array, start * width);
    }
    return new Map(results.map(({ name, width, data }) => [name, { width, data }]));
  }

  /** Other outputs of the same graph, for a few rows. */
  async runFor(
    outputs: GraphPorts['outputs'],
    features: Features,
    rowTasks: RowTasks,
  ): Promise<Record<string, TensorData>> {
    const session = await this.#runtime.load({ ...this.#program, outputs });
    return session.run(this.#feeds(features, rowTasks, 0, features.rows)).finally(() => session.close());
  }

  #feeds(
    features: Features,
    { codes, z }: RowTasks,
    start: number,
    count: number,
  ): Record<string, TensorData> {
    const own =
      count === features.rows
        ? features
        : takeFeatures(
            features,
            Int32Array.from({ length: count }, (_, i) => start + i),
          );
    const all: Record<string, TensorData> = {
      ...featureTensors(own, codes?.subarray(start, start + count)),
      ...(z && {
        descriptor: tensorData(z.data.subarray(start * z.width, (start + count) * z.width), [count, z.width]),
      }),
    };
    return Object.fromEntries(this.#inputs.map((name) => [name, all[name]!]));
  }
}

const widthOf = (fitted: FittedTask): number => answerOf(fitted.kind).outputWidth(fitted);
