import type { DescriptorsFile } from '../artefact/index.ts';
import { PolytaskError, suggest } from '../common/error.ts';
import type { Table } from '../common/table.ts';
import {
  type Description,
  describeByColumns,
  describeByMeans,
  FittedDescriptor,
  type SentenceEncoder,
} from '../data/descriptors/index.ts';
import type { Features, Warning } from '../data/index.ts';

/** A task that a model was not trained on. */
export interface NewTask {
  /** What is known of it, as the training tasks were described; without it, what its rows say. */
  readonly descriptor?: Description;
  /** What predictions of a model without a column of tasks are called; default `prediction`. */
  readonly name?: string;
  /** A trained task of the same kind, where there are several kinds. */
  readonly like?: string;
}

/** z of the task of each row, [rows, Z], and what was odd about the description. */
export interface RowVectors {
  readonly width: number;
  readonly data: Float32Array;
  readonly warnings: readonly Warning[];
}

/** Rows whose tasks may be new. */
export interface TaskRows {
  readonly features: Features;
  /** The columns of that name, as far as there are some. */
  table(columns: readonly string[]): Table;
}

/** z of the tasks of a model, and of new ones. */
export class TaskVectors {
  readonly #descriptor: FittedDescriptor;
  readonly #file: DescriptorsFile;
  readonly #encoder: SentenceEncoder | undefined;

  constructor(file: DescriptorsFile, encoder: SentenceEncoder | undefined) {
    this.#descriptor = FittedDescriptor.fromJSON(file.descriptor);
    this.#file = file;
    this.#encoder = encoder;
  }

  get width(): number {
    return this.#descriptor.width;
  }

  /** Columns of rows that describe their task. */
  get columns(): readonly string[] {
    return this.#file.columns;
  }

  /**
   * z for each of some rows.
   *
   * @param names the task of each row, if rows say so; a name that is not known stands for a new task
   * @param task of all rows, whatever they say
   * @throws `descriptor-invalid` where nothing is known of a new task
   */
  async ofRows(names: readonly string[], rows: TaskRows, task: NewTask | undefined): Promise<RowVectors> {
    const { width } = this;
    const { tasks } = this.#file;
    const known = (name: string): readonly number[] | undefined =>
      task === undefined && Object.hasOwn(tasks, name) ? tasks[name] : undefined;
    const fresh = [...new Set(names.filter((name) => known(name) === undefined))];
    const vectors = fresh.length === 0 ? undefined : await this.#describe(fresh, names, rows, task);
    const place = new Map(fresh.map((name, i) => [name, i * width]));
    const data = new Float32Array(names.length * width);
    names.forEach((name, row) => {
      const start = place.get(name)!;
      data.set(known(name) ?? vectors!.subarray(start, start + width), row * width);
    });
    return { width, data, warnings: task?.descriptor === undefined ? [] : this.#missingIn(task.descriptor) };
  }

  /** z [fresh, Z] of new tasks. */
  async #describe(
    fresh: readonly string[],
    names: readonly string[],
    rows: TaskRows,
    task: NewTask | undefined,
  ): Promise<Float32Array> {
    if (task?.descriptor !== undefined) {
      const one = await this.#descriptor.encode([task.descriptor], this.#encoder);
      const all = new Float32Array(fresh.length * this.width);
      for (const i of fresh.keys()) all.set(one, i * this.width);
      return all;
    }
    const codes = new Map(fresh.map((name, i) => [name, i]));
    const rowsOf = fresh.map((): number[] => []);
    names.forEach((name, row) => {
      rowsOf[codes.get(name) ?? -1]?.push(row);
    });
    const descriptions = this.#read(
      rowsOf.map((own) => Int32Array.from(own)),
      rows,
      fresh,
    );
    return this.#descriptor.encode(descriptions, this.#encoder);
  }

  /** What the rows of new tasks say of them. */
  #read(rowsOf: readonly Int32Array[], rows: TaskRows, fresh: readonly string[]): readonly Description[] {
    const { columns } = this.#file;
    if (this.#descriptor.name === 'means') return describeByMeans(rows.features, rowsOf);
    const table = columns.length === 0 ? undefined : rows.table(columns);
    const given = columns.filter((name) => table?.columns.has(name));
    if (table === undefined || given.length === 0)
      throw new PolytaskError('descriptor-invalid', {
        path: 'task.descriptor',
        expected: `a description of ${fresh[0] === '' ? 'the task' : `the task "${fresh[0]}"`}, which the model was not trained on`,
        found: 'nothing',
        help: [
          'Describe it: --task-descriptor, or predict(rows, { task: { descriptor } }).',
          ...(fresh[0] === '' ? [] : [suggest(fresh[0]!, Object.keys(this.#file.tasks))]),
        ].join(' '),
      });
    const { descriptions } = describeByColumns(table, given, rowsOf);
    if (this.#descriptor.name !== 'text') return descriptions;
    return descriptions.map((one) => String(one[columns[0]!] ?? ''));
  }

  #missingIn(description: Description): Warning[] {
    if (typeof description === 'string') return [];
    const given = Object.keys(description).map((name) => name.split('.')[0]);
    const { keys } = this.#descriptor;
    const stray = given.find((name) => !keys.some((key) => key.split('.')[0] === name));
    return keys
      .filter((key) => !given.includes(key.split('.')[0]))
      .map((column) => ({
        code: 'column-missing',
        column,
        message: `The description of the task does not say "${column}"; it counts as missing.`,
        help:
          stray === undefined
            ? 'Describe the task as fully as the training tasks were.'
            : `"${stray}" tells the model nothing. ${suggest(stray, keys)}`,
      }));
  }
}
