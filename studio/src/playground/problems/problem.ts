import type { Column } from '../../../../src/common/table.ts';
import type { Features } from '../../../../src/data/index.ts';
import { headSpec } from '../../../../src/experiment/labels.ts';
import { type ModelSignature, orderByFamily } from '../../../../src/model/index.ts';
import type { Dataset } from '../../../../src/optimization/index.ts';
import { kindOf } from '../../../../src/problem/index.ts';
import type { Settings } from '../settings.ts';

/** What a picture of predictions shows beside them. */
export type Picture =
  /** Along the direction of each task: its curve without noise, and training rows. */
  | {
      readonly kind: 'curves';
      readonly at: readonly number[];
      /** [task][point] */
      readonly truth: readonly (readonly number[])[];
      readonly rows: readonly { readonly x: readonly number[]; readonly y: readonly number[] }[];
    }
  /** The square [−reach, reach]², size × size, row after row from the bottom. */
  | {
      readonly kind: 'plane';
      readonly size: number;
      readonly reach: number;
      readonly x: readonly number[];
      readonly y: readonly number[];
      /** [task][row]; NaN where there is none. */
      readonly labels: readonly (readonly number[])[];
    }
  | {
      readonly kind: 'digits';
      readonly side: number;
      /** Row-major, an image after the other. */
      readonly images: Float32Array;
      /** [task][image] */
      readonly labels: readonly (readonly number[])[];
    }
  /** Validation rows: what was, to be set against what is predicted. */
  | { readonly kind: 'scatter'; readonly truth: readonly (readonly number[])[] }
  | { readonly kind: 'none' };

/** A small problem, ready to be trained on. */
export interface Toy {
  readonly dataset: Dataset;
  readonly signature: ModelSignature;
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** Rows that the picture is made of. */
  readonly shown: Features;
  readonly picture: Picture;
}

/** A family of small problems: pure functions of the settings. */
export interface ToyProblem {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** What `related` turns. */
  readonly related?: string;
  /** Settings of problems that have a meaning here. */
  readonly turns: readonly ('related' | 'rows' | 'labels' | 'noise')[];
  /** @param file the text of a file, where the problem is one */
  make(settings: Settings, file?: string): Toy;
}

/** A task by its column of labels. */
export interface ToyTask {
  readonly column: Column;
  readonly kind: string;
  readonly options?: object;
}

/** Rows of numbers, [rows, width]. */
export function numericFeatures(data: Float32Array, width: number): Features {
  return {
    rows: data.length / width,
    numeric: { data, names: Array.from({ length: width }, (_, i) => `x${i + 1}`) },
    categorical: { codes: new Int32Array(0), cardinalities: [], names: [] },
    text: [],
  };
}

/** Fits the tasks on the training rows, in the order of the model's heads. */
export function fitTasks(
  tasks: readonly ToyTask[],
  train: Int32Array,
): Pick<Dataset, 'tasks' | 'labels'> & Pick<ModelSignature, 'heads'> {
  const fitted = tasks.map(({ column, kind, options = {} }) =>
    kindOf(kind).fit(column.name, column, train, options, {}),
  );
  const { heads } = orderByFamily(fitted.map(headSpec));
  const order = heads.map(({ name }) => fitted.findIndex((own) => own.name === name));
  return {
    heads,
    tasks: order.map((t) => fitted[t]!),
    labels: order.map((t) => kindOf(tasks[t]!.kind).encode(tasks[t]!.column, fitted[t]!, {})),
  };
}

/** A toy of numbers: the first rows train, the others validate. */
export function numericToy(
  data: Float32Array,
  width: number,
  tasks: readonly ToyTask[],
  trained: number,
  { shown, picture }: Pick<Toy, 'shown' | 'picture'>,
): Toy {
  const features = numericFeatures(data, width);
  const all = Int32Array.from({ length: features.rows }, (_, row) => row);
  const [train, validation] = [all.slice(0, trained), all.slice(trained)];
  const { heads, ...fitted } = fitTasks(tasks, train);
  return {
    dataset: { features, ...fitted },
    signature: { features: { numeric: width, categorical: [], text: [] }, heads, long: false },
    train,
    validation,
    shown,
    picture,
  };
}

export function numberColumn(name: string, values: ArrayLike<number>): Column {
  return { type: 'number', name, values: Float64Array.from(values), integer: false };
}

export function booleanColumn(name: string, values: ArrayLike<number>): Column {
  return { type: 'boolean', name, values: Float64Array.from(values) };
}

/** Labels that the last task lacks: every row after the first `share` of the training rows, as they come. */
export function thinned(values: Float64Array, trained: number, share: number): Float64Array {
  const kept = Math.max(2, Math.round(share * trained));
  return values.map((value, row) => (row >= kept && row < trained ? Number.NaN : value));
}
