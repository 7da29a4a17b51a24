import { type EncoderSet, type Features, takeFeatures } from '../data/index.ts';
import { type Program, type Runtime, type Session, type TensorData, tensorData } from '../engine/index.ts';
import type { ModelSignatureFile } from '../experiment/model-folder.ts';
import { unreadColumns } from '../model/index.ts';
import { featureTensors } from '../optimization/index.ts';
import { type FittedTask, kindOf } from '../problem/index.ts';

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

/** What a graph takes beside features. */
export interface GraphInputs {
  readonly task: boolean;
  /** The width of z. */
  readonly descriptor?: number | undefined;
}

/** A graph of a model folder, ready to run. */
export class LoadedGraph {
  readonly #session: Session;
  readonly #inputs: ReadonlySet<string>;
  readonly #outputs: readonly GraphOutput[];

  private constructor(session: Session, inputs: ReadonlySet<string>, outputs: readonly GraphOutput[]) {
    this.#session = session;
    this.#inputs = inputs;
    this.#outputs = outputs;
  }

  static async open(
    runtime: Runtime,
    name: string,
    bytes: Uint8Array,
    inputs: ReturnType<typeof featureInputs>,
    { task, descriptor }: GraphInputs,
    outputs: readonly GraphOutput[],
  ): Promise<LoadedGraph> {
    const program: Program = {
      name,
      bytes,
      inputs: [
        ...inputs,
        ...(task ? [port('task', 'int32')] : []),
        ...(descriptor === undefined ? [] : [port('descriptor', 'float32', descriptor)]),
      ],
      outputs: outputs.map(({ output, fitted }) => port(output, 'float32', widthOf(fitted))),
      key: `${name}-${bytes.length}`,
      work: Number.POSITIVE_INFINITY,
    };
    const names = new Set(program.inputs.map((input) => input.name));
    return new LoadedGraph(await runtime.load(program), names, outputs);
  }

  async run(features: Features, { codes, z }: RowTasks): Promise<RawOutputs> {
    const results = this.#outputs.map(({ name, output, fitted }) => {
      const width = widthOf(fitted);
      return { name, output, width, data: new Float32Array(features.rows * width) };
    });
    for (let start = 0; start < features.rows; start += ROWS_PER_RUN) {
      const count = Math.min(ROWS_PER_RUN, features.rows - start);
      const rows = Int32Array.from({ length: count }, (_, i) => start + i);
      const part: Record<string, TensorData> = {
        ...featureTensors(takeFeatures(features, rows), codes?.subarray(start, start + count)),
        ...(z && {
          descriptor: tensorData(z.data.subarray(start * z.width, (start + count) * z.width), [
            count,
            z.width,
          ]),
        }),
      };
      const feeds = Object.fromEntries(Object.entries(part).filter(([name]) => this.#inputs.has(name)));
      const result = await this.#session.run(feeds);
      for (const { output, width, data } of results)
        data.set(result[output]!.data as Float32Array, start * width);
    }
    return new Map(results.map(({ name, width, data }) => [name, { width, data }]));
  }
}

const widthOf = (fitted: FittedTask): number => kindOf(fitted.kind).outputWidth(fitted);

const port = (name: string, dtype: 'float32' | 'int32', ...width: number[]): Program['inputs'][number] => ({
  name,
  dtype,
  shape: ['batch', ...width],
});

/** Columns that predictions of a model do not depend on. */
export function unreadOf({ model }: ModelSignatureFile): ReadonlySet<string> {
  return new Set(model === undefined ? [] : unreadColumns(model));
}

/** The features that a graph takes; an input of which predictions read no column is not there. */
export function featureInputs(signature: ModelSignatureFile, encoders: EncoderSet): Program['inputs'] {
  const { shape } = encoders;
  const unread = unreadOf(signature);
  const read = encoders.encoders.filter(({ column }) => !unread.has(column));
  const reads = (part: 'numeric' | 'categorical'): boolean =>
    read.some((encoder) => encoder.shape[part].length > 0);
  return [
    ...(reads('numeric') ? [port('numeric', 'float32', shape.numeric.length)] : []),
    ...(reads('categorical') ? [port('categorical', 'int32', shape.categorical.length)] : []),
    ...shape.text.flatMap(({ name, length }) => [
      port(`text/${name}/ids`, 'int32', length),
      port(`text/${name}/weights`, 'float32', length),
    ]),
  ];
}
