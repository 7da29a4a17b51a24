import { PolytaskError, suggest } from '../common/error.ts';
import type { Table } from '../common/table.ts';
import {
  codesOf,
  type EncoderSet,
  type Features,
  requireColumn,
  takeFeatures,
  type Warning,
} from '../data/index.ts';
import type { Program, Runtime, Session } from '../engine/index.ts';
import type { ModelSignatureFile } from '../experiment/model-folder.ts';
import { unreadColumns } from '../model/index.ts';
import { featureTensors } from '../optimization/index.ts';
import { kindOf, type Predictions, type Tasks } from '../problem/index.ts';

const ROWS_PER_RUN = 1024;

/** Raw predictions of some rows: for each task the link's outputs, [rows, width] in the users' units. */
export type RawOutputs = ReadonlyMap<string, { readonly width: number; readonly data: Float32Array }>;

/** What the files of a model folder hold. */
export interface ModelParts {
  readonly signature: ModelSignatureFile;
  readonly encoders: EncoderSet;
  /** The bytes of `model.onnx`. */
  readonly graph: Uint8Array;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * A trained model, ready to predict.
 *
 * @example
 * const model = await load('runs/first/model');
 * const prediction = await model.predict({ age: 41, education: 'Bachelors' });
 * prediction.income.probability;
 */
export class Model<T extends Tasks = Tasks> {
  readonly signature: ModelSignatureFile;
  readonly encoders: EncoderSet;
  /** What was odd about the rows of the last prediction: unknown columns, unseen categories. */
  warnings: readonly Warning[] = [];
  readonly #runtime: Runtime;
  readonly #session: Session;
  readonly #inputs: ReadonlySet<string>;
  /** Columns that predictions do not depend on. */
  readonly #unread: ReadonlySet<string>;

  private constructor(
    signature: ModelSignatureFile,
    encoders: EncoderSet,
    runtime: Runtime,
    session: Session,
    inputs: ReadonlySet<string>,
  ) {
    this.signature = signature;
    this.encoders = encoders;
    this.#runtime = runtime;
    this.#session = session;
    this.#inputs = inputs;
    this.#unread = unreadOf(signature);
  }

  /** Opens what a model folder holds, wherever it was read; closing the model closes the runtime. */
  static async open<T extends Tasks = Tasks>(
    { signature, encoders, graph }: ModelParts,
    runtime: Runtime,
  ): Promise<Model<T>> {
    const program = programOf(signature, encoders, graph);
    const inputs = new Set(program.inputs.map(({ name }) => name));
    const session = await runtime.load(program);
    return new Model<T>(signature, encoders, runtime, session, inputs);
  }

  /** Names of the tasks. */
  get tasks(): string[] {
    return this.signature.tasks.map(({ fitted }) => fitted.name);
  }

  /** Predicts one row, or many. Missing columns count as missing values; see `warnings` for what was odd. */
  predict(row: Row): Promise<Predictions<T>>;
  predict(rows: readonly Row[]): Promise<Predictions<T>[]>;
  async predict(input: Row | readonly Row[]): Promise<Predictions<T> | Predictions<T>[]> {
    const rows = (Array.isArray(input) ? input : [input]) as readonly Row[];
    const { features, warnings } = this.encoders.encodeRows(rows);
    const { by } = this.signature;
    this.warnings = warnings
      .filter(({ column }) => by === undefined || column !== by)
      .filter(({ column }) => !this.#unread.has(column ?? ''));
    const taskOfRow = by === undefined ? undefined : this.#taskCodes(rows.map((row) => row[by]));
    const outputs = await this.#run(features, taskOfRow);
    const predictions = rows.map((_, i) => this.#decode(outputs, i, taskOfRow));
    return Array.isArray(input) ? predictions : predictions[0]!;
  }

  /** Raw outputs for every row of a table; of a long model one entry, under the name of its label column. */
  async predictTable(table: Table): Promise<RawOutputs> {
    const { by } = this.signature;
    const names = by === undefined ? undefined : codesOf(requireColumn(table, by, 'by'));
    const taskOfRow = names && this.#taskCodes(Array.from(names.codes, (code) => names.values[code]));
    return this.#run(this.encoders.encode(this.#withAllColumns(table)), taskOfRow);
  }

  /** What one row's outputs mean. */
  decodeRow(outputs: RawOutputs, row: number, task: string): unknown {
    const { fitted } = this.signature.tasks.find((own) => own.fitted.name === task)!;
    const { data, width } = outputs.get(this.signature.by === undefined ? task : fitted.column)!;
    return kindOf(fitted.kind).decode(data, row * width, fitted);
  }

  close(): Promise<void> {
    return this.#runtime.close();
  }

  #decode(outputs: RawOutputs, row: number, taskOfRow: Int32Array | undefined): Predictions<T> {
    const { tasks } = this.signature;
    if (taskOfRow !== undefined) {
      const { fitted } = tasks[taskOfRow[row]!]!;
      return { [fitted.column]: this.decodeRow(outputs, row, fitted.name) } as Predictions<T>;
    }
    return Object.fromEntries(
      tasks.map(({ fitted }) => [fitted.name, this.decodeRow(outputs, row, fitted.name)]),
    ) as Predictions<T>;
  }

  async #run(features: Features, taskOfRow: Int32Array | undefined): Promise<RawOutputs> {
    const { tasks, by } = this.signature;
    const outputs = (by === undefined ? tasks : tasks.slice(0, 1)).map(({ fitted, output }) => {
      const width = kindOf(fitted.kind).outputWidth(fitted);
      return {
        name: by === undefined ? fitted.name : fitted.column,
        output,
        width,
        data: new Float32Array(features.rows * width),
      };
    });
    for (let start = 0; start < features.rows; start += ROWS_PER_RUN) {
      const rows = Int32Array.from(
        { length: Math.min(ROWS_PER_RUN, features.rows - start) },
        (_, i) => start + i,
      );
      const part = featureTensors(
        takeFeatures(features, rows),
        taskOfRow?.subarray(start, start + rows.length),
      );
      const feeds = Object.fromEntries(Object.entries(part).filter(([name]) => this.#inputs.has(name)));
      const result = await this.#session.run(feeds);
      for (const { output, width, data } of outputs)
        data.set(result[output]!.data as Float32Array, start * width);
    }
    return new Map(outputs.map(({ name, width, data }) => [name, { width, data }]));
  }

  #taskCodes(names: readonly unknown[]): Int32Array {
    const position = new Map(this.tasks.map((name, t) => [name, t]));
    return Int32Array.from(names, (name, row) => {
      const code = position.get(String(name));
      if (code !== undefined) return code;
      throw new PolytaskError('task-unknown', {
        path: `rows[${row}].${this.signature.by}`,
        expected: 'a task that the model was trained on',
        found: name === undefined || name === null ? 'nothing' : String(name),
        help: suggest(String(name), this.tasks),
      });
    });
  }

  /** Columns that the table lacks count as missing. */
  #withAllColumns(table: Table): Table {
    const absent = this.encoders.encoders.filter(({ column }) => !table.columns.has(column));
    const missed = absent.filter(({ column }) => !this.#unread.has(column));
    this.warnings = missed.map(({ column }) => ({
      code: 'column-missing',
      column,
      message: `The column "${column}" is missing; every row counts as missing there.`,
      help: 'Add the column, or expect weaker predictions.',
    }));
    if (absent.length === 0) return table;
    const columns = new Map(table.columns);
    for (const { column } of absent)
      columns.set(column, {
        type: 'string',
        name: column,
        codes: new Int32Array(table.rows).fill(-1),
        dictionary: [],
      });
    return { rows: table.rows, columns };
  }
}

function unreadOf({ model }: ModelSignatureFile): ReadonlySet<string> {
  return new Set(model === undefined ? [] : unreadColumns(model));
}

/** What the graph takes and gives; an input of which predictions read no column is not there. */
function programOf(signature: ModelSignatureFile, encoders: EncoderSet, bytes: Uint8Array): Program {
  const { tasks, by } = signature;
  const { shape } = encoders;
  const unread = unreadOf(signature);
  const read = encoders.encoders.filter(({ column }) => !unread.has(column));
  const inputs = [
    ...(read.some((encoder) => encoder.shape.numeric.length > 0)
      ? [{ name: 'numeric', dtype: 'float32' as const, shape: ['batch', shape.numeric.length] }]
      : []),
    ...(read.some((encoder) => encoder.shape.categorical.length > 0)
      ? [{ name: 'categorical', dtype: 'int32' as const, shape: ['batch', shape.categorical.length] }]
      : []),
    ...shape.text.flatMap(({ name, length }) => [
      { name: `text/${name}/ids`, dtype: 'int32' as const, shape: ['batch', length] },
      { name: `text/${name}/weights`, dtype: 'float32' as const, shape: ['batch', length] },
    ]),
    ...(by === undefined ? [] : [{ name: 'task', dtype: 'int32' as const, shape: ['batch'] }]),
  ];
  const outputs = (by === undefined ? tasks : tasks.slice(0, 1)).map(({ fitted, output }) => ({
    name: output,
    dtype: 'float32' as const,
    shape: ['batch', kindOf(fitted.kind).outputWidth(fitted)],
  }));
  return {
    name: 'model',
    bytes,
    inputs,
    outputs,
    key: `model-${bytes.length}`,
    work: Number.POSITIVE_INFINITY,
  };
}
