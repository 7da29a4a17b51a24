import {
  type Artefact,
  invalidModel,
  type ModelCard,
  type ModelFiles,
  readArtefact,
  type Signature,
} from '../artefact/index.ts';
import { PolytaskError, suggest } from '../common/error.ts';
import { setOwn } from '../common/own.ts';
import type { Table } from '../common/table.ts';
import type { SentenceEncoder } from '../data/descriptors/index.ts';
import { type EncoderSet, type Features, joinFeatures, textAt, type Warning } from '../data/index.ts';
import type { Runtime } from '../engine/runtime/runtime.ts';
import { answerOf, type FittedTask, type Predictions, type Tasks } from '../problem/index.ts';
import { DescribedTasks } from './described-tasks.ts';
import { type GateUse, gateUse } from './explain/gates.ts';
import { type GraphOutput, LoadedGraph, type RawOutputs, type RowTasks } from './graph.ts';
import {
  type Columns,
  isColumns,
  nameOf,
  type Row,
  rowsOf,
  tableOf,
  taskColumn,
  withAllColumns,
} from './rows.ts';
import { type NewTask, type RowVectors, type TaskRows, TaskVectors } from './task-vectors.ts';

export interface PredictOptions {
  /** Rows of a task that the model was not trained on. */
  readonly task?: NewTask | undefined;
}

interface TablePredictOptions extends PredictOptions {
  readonly firstRow?: number;
}

/**
 * A trained model, ready to predict.
 *
 * @example
 * const model = await load('runs/first/model');
 * const prediction = await model.predict({ age: 41, education: 'Bachelors' });
 * prediction.income.probability;
 */
export class Model<T extends Tasks = Tasks, R extends Row = Row> {
  readonly signature: Signature;
  readonly encoders: EncoderSet;
  /** What it reached, and where it comes from; models of the first format have none. */
  readonly card: ModelCard | undefined;
  /** What was odd about the rows of the last prediction: unknown columns, unseen categories. */
  warnings: readonly Warning[] = [];
  readonly #runtime: Runtime;
  readonly #graph: LoadedGraph;
  readonly #vectors: TaskVectors | undefined;
  /** New tasks of a model without a column of tasks. */
  readonly #described: DescribedTasks | undefined;
  /** Columns that predictions do not depend on. */
  readonly #unread: ReadonlySet<string>;
  readonly #fitted: ReadonlyMap<string, FittedTask>;

  private constructor(
    { signature, encoders, card }: Artefact,
    runtime: Runtime,
    graph: LoadedGraph,
    vectors: TaskVectors | undefined,
    described: DescribedTasks | undefined,
  ) {
    this.signature = signature;
    this.encoders = encoders;
    this.card = card;
    this.#runtime = runtime;
    this.#graph = graph;
    this.#vectors = vectors;
    this.#described = described;
    this.#fitted = new Map(signature.tasks.map(({ fitted }) => [fitted.name, fitted]));
    this.#unread = new Set(signature.inputs.flatMap(({ name, read }) => (read ? [] : [name])));
  }

  /**
   * Reads a model and opens it over a runtime, wherever both are; closing the model closes the runtime.
   *
   * @throws `model-invalid`
   */
  static async load<T extends Tasks = Tasks, R extends Row = Row>(
    files: ModelFiles,
    openRuntime: () => Promise<Runtime>,
    textEncoder?: SentenceEncoder,
  ): Promise<Model<T, R>> {
    const artefact = await readArtefact(files);
    const runtime = await openRuntime();
    return Model.open<T, R>(artefact, runtime, textEncoder).catch(async (cause: unknown) => {
      await runtime.close();
      const found = cause instanceof PolytaskError ? (cause.found ?? cause.code) : String(cause);
      throw invalidModel(`${files.place}/model.onnx`, 'a graph that belongs to the signature', found);
    });
  }

  /** Opens what the files of a model hold. @param textEncoder the one that the model was trained with, for new tasks */
  static async open<T extends Tasks = Tasks, R extends Row = Row>(
    artefact: Artefact,
    runtime: Runtime,
    textEncoder?: SentenceEncoder,
  ): Promise<Model<T, R>> {
    const { signature, graph, descriptors, described } = artefact;
    const vectors = descriptors && new TaskVectors(descriptors, textEncoder);
    const main = await LoadedGraph.open(runtime, 'model', graph, signature.graph, outputsOf(signature));
    const fresh =
      vectors && described && new DescribedTasks(signature, vectors, { runtime, read: described });
    return new Model<T, R>(artefact, runtime, main, vectors, fresh);
  }

  /** Whether tasks that are new to it can be told from all their rows, which must then be predicted together. */
  get learnsTasksFromRows(): boolean {
    return this.signature.by !== undefined && this.#vectors !== undefined;
  }

  /** Names of the tasks. */
  get tasks(): string[] {
    return this.signature.tasks.map(({ fitted }) => fitted.name);
  }

  /**
   * Predicts one row, many, or columns of equal length. Missing columns count as missing values; see `warnings` for what was odd.
   *
   * @param options `task` for rows of a task that the model was not trained on
   * @throws `task-unknown`, `descriptor-invalid`
   */
  predict(row: Row, options: { readonly task: NewTask }): Promise<Record<string, unknown>>;
  predict(rows: readonly Row[], options: { readonly task: NewTask }): Promise<Record<string, unknown>[]>;
  predict(row: R): Promise<Predictions<T>>;
  predict(columns: Columns<R>): Promise<PredictedColumns<T>>;
  predict(rows: readonly R[]): Promise<Predictions<T>[]>;
  async predict(input: Row | readonly Row[] | Columns, options: PredictOptions = {}): Promise<unknown> {
    if (Array.isArray(input)) return this.#predictRows(input as readonly Row[], options);
    const given = input as Row | Columns;
    if (!isColumns(given)) return (await this.#predictRows([given], options))[0]!;
    const predictions = await this.#predictRows(rowsOf(given), options);
    const names = Object.keys(predictions[0] ?? {});
    return Object.fromEntries(names.map((name) => [name, predictions.map((row) => row[name])]));
  }

  async #predictRows(rows: readonly Row[], options: PredictOptions): Promise<Record<string, unknown>[]> {
    const { predictions, warnings } = await this.answer(rows, options);
    this.warnings = warnings;
    return predictions;
  }

  /**
   * Predictions of rows together with what was odd about these very rows, for those who predict concurrently.
   *
   * @throws `task-unknown`, `descriptor-invalid`
   * @example const { predictions, warnings } = await model.answer([{ age: 41 }]);
   */
  async answer(rows: readonly Row[], options: PredictOptions = {}): Promise<Answered> {
    const { features, warnings } = this.#encode(rows);
    const names = this.#namesOf(rows);
    const ran = await this.#run(taskRows(features, rows), names, options);
    return {
      predictions: rows.map((_, i) => this.decode(ran.outputs, i, names?.[i])),
      warnings: [...warnings, ...ran.warnings],
    };
  }

  /**
   * What was asked by several, in one run of the graph: raw outputs of all rows, one after the other, and what was odd about
   * those of each.
   *
   * @param groups rows of known tasks (`knowsTasks`)
   */
  async runTogether(groups: readonly (readonly Row[])[]): Promise<RanTogether> {
    const encoded = groups.map((group) => this.#encode(group));
    const features = joinFeatures(encoded.map((one) => one.features));
    const rows = groups.flat();
    const names = this.#namesOf(rows);
    const { outputs } = await this.#run(taskRows(features, rows), names, {});
    return { outputs, names, warnings: encoded.map((one) => one.warnings) };
  }

  /** Whether all rows are of tasks that the model was trained on. */
  knowsTasks(rows: readonly Row[]): boolean {
    return this.#namesOf(rows)?.every((name) => this.#fitted.has(name ?? '')) ?? true;
  }

  /** The task of each row, where rows name theirs. */
  #namesOf(rows: readonly Row[]): (string | undefined)[] | undefined {
    const { by } = this.signature;
    return by === undefined ? undefined : rows.map((row) => nameOf(row[by]));
  }

  /** Features of rows, with warnings about columns that matter. */
  #encode(rows: readonly Row[]): { features: Features; warnings: Warning[] } {
    const { features, warnings } = this.encoders.encodeRows(rows);
    if (warnings.length === 0) return { features, warnings };
    const elsewhere = new Set([...this.#unread, ...(this.#vectors?.columns ?? []), this.signature.by]);
    return { features, warnings: warnings.filter(({ column }) => !elsewhere.has(column)) };
  }

  /**
   * What each row uses of experts, by gate and task; nothing where the model has no gates, or is the mean of several.
   *
   * @example (await model.gates([{ age: 41 }]))[0]; // { gate: { income: { 0: 0.7, 1: 0.3 } } }
   */
  async gates(rows: readonly R[]): Promise<GateUse[]> {
    const { gates = [], graph } = this.signature;
    if (gates.length === 0) return rows.map(() => ({}));
    const { features } = this.encoders.encodeRows(rows);
    const names = this.#namesOf(rows);
    const rowTasks = names === undefined ? {} : await this.#rowTasks(taskRows(features, rows), names);
    const asked = new Set(gates.map(({ output }) => output));
    const ports = graph.outputs.filter(({ name }) => asked.has(name));
    const outputs = await this.#graph.runFor(ports, features, rowTasks);
    return rows.map((_, row) => gateUse(gates, outputs, row, names?.[row]));
  }

  /**
   * Raw outputs for every row of a table; of a long model one entry, under the name of its label column.
   *
   * @param options `firstRow`, where the table is some rows of a longer one: which is the first
   */
  async predictTable(table: Table, options: TablePredictOptions = {}): Promise<RawOutputs> {
    const { by } = this.signature;
    const column = by === undefined ? undefined : taskColumn(table, by, options.task !== undefined);
    const names =
      by === undefined
        ? undefined
        : Array.from({ length: table.rows }, (_, row) => column && textAt(column, row));
    const { complete, warnings: absent } = this.#complete(table);
    const features = this.encoders.encode(complete);
    const { outputs, warnings } = await this.#run({ features, table: () => table }, names, options);
    this.warnings = [...absent, ...warnings];
    return outputs;
  }

  /**
   * What one row's outputs mean, by task; of a long model by its label column.
   *
   * @param task of the row, in a long model
   */
  decode(outputs: RawOutputs, row: number, task?: string): Record<string, unknown> {
    const prediction: Record<string, unknown> = {};
    for (const [name, { data, width }] of outputs) {
      const fitted = this.#fittedOf(name, task);
      setOwn(prediction, name, answerOf(fitted.kind).decode(data, row * width, fitted));
    }
    return prediction;
  }

  close(): Promise<void> {
    return this.#runtime.close();
  }

  /** The task whose units and classes an output has; tasks of a long model have them in common. */
  #fittedOf(output: string, task: string | undefined): FittedTask {
    const { tasks, by } = this.signature;
    const found = this.#fitted.get(by === undefined ? output : (task ?? ''));
    return found ?? this.#described?.fittedOf(output) ?? tasks[0]!.fitted;
  }

  async #run(
    rows: TaskRows,
    names: readonly (string | undefined)[] | undefined,
    { task, firstRow = 0 }: TablePredictOptions,
  ): Promise<Ran> {
    if (names === undefined && task === undefined)
      return { outputs: await this.#graph.run(rows.features, {}), warnings: [] };
    if (names === undefined) return (await this.#described?.run(rows, task!)) ?? this.#refuseNew();
    if (task !== undefined && this.signature.anyTask !== true) this.#refuseNew();
    const rowTasks = await this.#rowTasks(rows, names, task, firstRow);
    return { outputs: await this.#graph.run(rows.features, rowTasks), warnings: rowTasks.z?.warnings ?? [] };
  }

  /** What a graph takes of the tasks of rows. */
  async #rowTasks(
    rows: TaskRows,
    names: readonly (string | undefined)[],
    task?: NewTask,
    firstRow = 0,
  ): Promise<RowTasks & { readonly z?: RowVectors | undefined }> {
    const { anyTask } = this.signature;
    const codes = anyTask === true ? undefined : this.#taskCodes(names, firstRow);
    const own = names.map((name, row) => {
      if (name !== undefined || task !== undefined) return name ?? '';
      throw this.#unknown(name, firstRow + row);
    });
    return { codes, z: await this.#vectors?.ofRows(own, rows, task) };
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
  #complete(table: Table): { readonly complete: Table; readonly warnings: readonly Warning[] } {
    const { complete, absent } = withAllColumns(table, this.encoders);
    const warnings = absent
      .filter((column) => !this.#unread.has(column))
      .map(
        (column): Warning => ({
          code: 'column-missing',
          column,
          message: `The column "${column}" is missing; every row counts as missing there.`,
          help: 'Add the column, or expect weaker predictions.',
        }),
      );
    return { complete, warnings };
  }

  #taskCodes(names: readonly (string | undefined)[], firstRow: number): Int32Array {
    const position = new Map(this.tasks.map((name, t) => [name, t]));
    return Int32Array.from(names, (name, row) => {
      const code = position.get(name ?? '');
      if (code !== undefined) return code;
      throw this.#unknown(name, firstRow + row);
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

/** Rows of which it may be asked what they say of their tasks. */
function taskRows(features: Features, rows: readonly Row[]): TaskRows {
  return { features, table: (columns) => tableOf(rows, columns) };
}

/** Raw outputs, and what was odd about the description of a new task. */
interface Ran {
  readonly outputs: RawOutputs;
  readonly warnings: readonly Warning[];
}

/** Predictions of rows, by task, and what was odd about the rows. */
export interface Answered {
  readonly predictions: Record<string, unknown>[];
  readonly warnings: readonly Warning[];
}

/** Raw outputs of several groups of rows, one after the other. */
export interface RanTogether {
  readonly outputs: RawOutputs;
  /** The task of each row, where rows name theirs. */
  readonly names: readonly (string | undefined)[] | undefined;
  /** Of each group. */
  readonly warnings: readonly (readonly Warning[])[];
}

/** Predictions of columns: under each task's name one for each row. */
export type PredictedColumns<T extends Tasks> = {
  readonly [Name in keyof Predictions<T>]: readonly Predictions<T>[Name][];
};

/** The outputs of `model.onnx`: one a task; of a long model the one of its label column. */
function outputsOf({ by, tasks }: Signature): GraphOutput[] {
  if (by === undefined) return tasks.map(({ fitted, output }) => ({ name: fitted.name, output, fitted }));
  const { fitted, output } = tasks[0]!;
  return [{ name: fitted.column, output, fitted }];
}
