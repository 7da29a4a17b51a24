import { PolytaskError, suggest } from '../common/error.ts';
import type { Table } from '../common/table.ts';
import type { SentenceEncoder } from '../data/descriptors/index.ts';
import { type EncoderSet, textAt, type Warning } from '../data/index.ts';
import type { Runtime } from '../engine/index.ts';
import type { DescriptorsFile, ModelSignatureFile } from '../experiment/model-folder.ts';
import { type FittedTask, kindOf, type Predictions, type Tasks } from '../problem/index.ts';
import { DescribedTasks } from './described-tasks.ts';
import { featureInputs, type GraphOutput, LoadedGraph, type RawOutputs, unreadOf } from './graph.ts';
import { nameOf, type Row, tableOf, taskColumn, withAllColumns } from './rows.ts';
import { type NewTask, type TaskRows, TaskVectors } from './task-vectors.ts';

/** What the files of a model folder hold. */
export interface ModelParts {
  readonly signature: ModelSignatureFile;
  readonly encoders: EncoderSet;
  /** The bytes of `model.onnx`. */
  readonly graph: Uint8Array;
  /** z of the tasks, and how that of others is made. */
  readonly descriptors?: DescriptorsFile | undefined;
  /** The bytes of `described.onnx`, which takes rows with the z of a task. */
  readonly described?: (() => Promise<Uint8Array>) | undefined;
  /** The one that the model was trained with, where it was handed one. */
  readonly textEncoder?: SentenceEncoder | undefined;
}

export interface PredictOptions {
  /** Rows of a task that the model was not trained on. */
  readonly task?: NewTask | undefined;
}

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
  readonly #graph: LoadedGraph;
  readonly #vectors: TaskVectors | undefined;
  /** New tasks of a model without a column of tasks. */
  readonly #described: DescribedTasks | undefined;
  /** Columns that predictions do not depend on. */
  readonly #unread: ReadonlySet<string>;

  private constructor(
    { signature, encoders }: ModelParts,
    runtime: Runtime,
    graph: LoadedGraph,
    vectors: TaskVectors | undefined,
    described: DescribedTasks | undefined,
  ) {
    this.signature = signature;
    this.encoders = encoders;
    this.#runtime = runtime;
    this.#graph = graph;
    this.#vectors = vectors;
    this.#described = described;
    this.#unread = unreadOf(signature);
  }

  /** Opens what a model folder holds, wherever it was read; closing the model closes the runtime. */
  static async open<T extends Tasks = Tasks>(parts: ModelParts, runtime: Runtime): Promise<Model<T>> {
    const { signature, encoders, graph, descriptors, textEncoder, described } = parts;
    const inputs = featureInputs(signature, encoders);
    const vectors = descriptors && new TaskVectors(descriptors, textEncoder);
    const long = signature.by !== undefined;
    const takes = { task: long && signature.anyTask !== true, descriptor: long ? vectors?.width : undefined };
    const main = await LoadedGraph.open(runtime, 'model', graph, inputs, takes, outputsOf(signature));
    const fresh =
      vectors && described && new DescribedTasks(signature, vectors, { runtime, inputs, read: described });
    return new Model<T>(parts, runtime, main, vectors, fresh);
  }

  /** Names of the tasks. */
  get tasks(): string[] {
    return this.signature.tasks.map(({ fitted }) => fitted.name);
  }

  /**
   * Predicts one row, or many. Missing columns count as missing values; see `warnings` for what was odd.
   *
   * @param options `task` for rows of a task that the model was not trained on
   * @throws `task-unknown`, `descriptor-invalid`
   */
  predict(row: Row, options: { readonly task: NewTask }): Promise<Record<string, unknown>>;
  predict(rows: readonly Row[], options: { readonly task: NewTask }): Promise<Record<string, unknown>[]>;
  predict(row: Row): Promise<Predictions<T>>;
  predict(rows: readonly Row[]): Promise<Predictions<T>[]>;
  async predict(input: Row | readonly Row[], options: PredictOptions = {}): Promise<unknown> {
    const rows = (Array.isArray(input) ? input : [input]) as readonly Row[];
    const { features, warnings } = this.encoders.encodeRows(rows);
    const { by } = this.signature;
    const elsewhere = new Set([...this.#unread, ...(this.#vectors?.columns ?? []), by]);
    const table = (columns: readonly string[]): Table => tableOf(rows, columns);
    const names = by === undefined ? undefined : rows.map((row) => nameOf(row[by]));
    const outputs = await this.#run({ features, table }, names, options);
    this.warnings = [
      ...warnings.filter(({ column }) => !elsewhere.has(column)),
      ...(this.#vectors?.warnings ?? []),
    ];
    const predictions = rows.map((_, i) => this.decode(outputs, i, names?.[i]));
    return Array.isArray(input) ? predictions : predictions[0]!;
  }

  /** Raw outputs for every row of a table; of a long model one entry, under the name of its label column. */
  async predictTable(table: Table, options: PredictOptions = {}): Promise<RawOutputs> {
    const { by } = this.signature;
    const column = by === undefined ? undefined : taskColumn(table, by, options.task !== undefined);
    const names =
      by === undefined
        ? undefined
        : Array.from({ length: table.rows }, (_, row) => column && textAt(column, row));
    const features = this.encoders.encode(this.#complete(table));
    const outputs = await this.#run({ features, table: () => table }, names, options);
    this.warnings = [...this.warnings, ...(this.#vectors?.warnings ?? [])];
    return outputs;
  }

  /**
   * What one row's outputs mean, by task; of a long model by its label column.
   *
   * @param task of the row, in a long model
   */
  decode(outputs: RawOutputs, row: number, task?: string): Record<string, unknown> {
    return Object.fromEntries(
      [...outputs].map(([name, { data, width }]) => {
        const fitted = this.#fittedOf(name, task);
        return [name, kindOf(fitted.kind).decode(data, row * width, fitted)];
      }),
    );
  }

  close(): Promise<void> {
    return this.#runtime.close();
  }

  /** The task whose units and classes an output has; tasks of a long model have them in common. */
  #fittedOf(output: string, task: string | undefined): FittedTask {
    const { tasks, by } = this.signature;
    const found = tasks.find(({ fitted }) => fitted.name === (by === undefined ? output : task));
    return found?.fitted ?? this.#described?.fittedOf(output) ?? tasks[0]!.fitted;
  }

  async #run(
    rows: TaskRows,
    names: readonly (string | undefined)[] | undefined,
    { task }: PredictOptions,
  ): Promise<RawOutputs> {
    if (names === undefined && task === undefined) return this.#graph.run(rows.features, {});
    if (names === undefined) return (await this.#described?.run(rows, task!)) ?? this.#refuseNew();
    const { anyTask } = this.signature;
    if (task !== undefined && anyTask !== true) this.#refuseNew();
    const codes = anyTask === true ? undefined : this.#taskCodes(names);
    const own = names.map((name, row) => {
      if (name !== undefined || task !== undefined) return name ?? '';
      throw this.#unknown(name, row);
    });
    return this.#graph.run(rows.features, { codes, z: await this.#vectors?.ofRows(own, rows, task) });
  }

  #refuseNew(): never {
    throw new PolytaskError('descriptor-invalid', {
      path: 'task',
      expected: 'a model that shares its heads and knows tasks by their descriptions',
      found: `${this.signature.sharing} with parameters of each task`,
      help: 'Train one with --sharing shared-bottom:heads=shared --conditioning concat --descriptor spec (or columns, text, means), and --no-baseline.',
    });
  }

  /** The table with every column; those that it lacks count as missing. */
  #complete(table: Table): Table {
    const { complete, absent } = withAllColumns(table, this.encoders);
    this.warnings = absent
      .filter((column) => !this.#unread.has(column))
      .map((column) => ({
        code: 'column-missing',
        column,
        message: `The column "${column}" is missing; every row counts as missing there.`,
        help: 'Add the column, or expect weaker predictions.',
      }));
    return complete;
  }

  #taskCodes(names: readonly (string | undefined)[]): Int32Array {
    const position = new Map(this.tasks.map((name, t) => [name, t]));
    return Int32Array.from(names, (name, row) => {
      const code = position.get(name ?? '');
      if (code !== undefined) return code;
      throw this.#unknown(name, row);
    });
  }

  #unknown(name: string | undefined, row: number): PolytaskError {
    return new PolytaskError('task-unknown', {
      path: `rows[${row}].${this.signature.by}`,
      expected: 'a task that the model was trained on',
      found: name ?? 'nothing',
      help: suggest(name ?? '', this.tasks),
    });
  }
}

/** The outputs of `model.onnx`: one a task; of a long model the one of its label column. */
function outputsOf({ by, tasks }: ModelSignatureFile): GraphOutput[] {
  if (by === undefined) return tasks.map(({ fitted, output }) => ({ name: fitted.name, output, fitted }));
  const { fitted, output } = tasks[0]!;
  return [{ name: fitted.column, output, fitted }];
}
