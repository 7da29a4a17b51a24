/** Rows as a model eats them: dense numbers, category codes and bags of hashed n-grams. */
export interface Features {
  readonly rows: number;
  /** Row-major [rows, names.length]. */
  readonly numeric: { readonly data: Float32Array; readonly names: readonly string[] };
  /** Row-major [rows, names.length]; 0 is missing or unseen. */
  readonly categorical: {
    readonly codes: Int32Array;
    readonly cardinalities: readonly number[];
    readonly names: readonly string[];
  };
  readonly text: readonly TextFeatures[];
}

export interface TextFeatures {
  readonly name: string;
  /** Row-major [rows, length]; 0 is padding. */
  readonly ids: Int32Array;
  readonly weights: Float32Array;
  /** Ids are below this number. */
  readonly buckets: number;
  readonly length: number;
}

/** What features look like, without the rows: all that a model needs to be built. */
export interface FeatureShape {
  readonly numeric: readonly string[];
  readonly categorical: readonly { readonly name: string; readonly cardinality: number }[];
  readonly text: readonly { readonly name: string; readonly buckets: number; readonly length: number }[];
}

/** The features of one column, a typed array a feature. */
export interface Block {
  readonly numeric?: readonly Float32Array[];
  readonly categorical?: readonly Int32Array[];
  readonly text?: readonly { readonly ids: Int32Array; readonly weights: Float32Array }[];
}

/** Puts the blocks of all columns side by side. */
export function assemble(rows: number, shape: FeatureShape, blocks: readonly Block[]): Features {
  const numeric = blocks.flatMap((block) => block.numeric ?? []);
  const categorical = blocks.flatMap((block) => block.categorical ?? []);
  const text = blocks.flatMap((block) => block.text ?? []);
  return {
    rows,
    numeric: { data: interleave(new Float32Array(rows * numeric.length), numeric), names: shape.numeric },
    categorical: {
      codes: interleave(new Int32Array(rows * categorical.length), categorical),
      cardinalities: shape.categorical.map(({ cardinality }) => cardinality),
      names: shape.categorical.map(({ name }) => name),
    },
    text: shape.text.map((one, i) => ({ ...one, ...text[i]! })),
  };
}

export function joinShapes(shapes: readonly FeatureShape[]): FeatureShape {
  return {
    numeric: shapes.flatMap(({ numeric }) => numeric),
    categorical: shapes.flatMap(({ categorical }) => categorical),
    text: shapes.flatMap(({ text }) => text),
  };
}

/** The features restricted to `rows`, in that order. */
export function takeFeatures(features: Features, rows: ArrayLike<number>): Features {
  const { numeric, categorical, text } = features;
  return {
    rows: rows.length,
    numeric: { ...numeric, data: gather(numeric.data, numeric.names.length, rows) },
    categorical: { ...categorical, codes: gather(categorical.codes, categorical.names.length, rows) },
    text: text.map((one) => ({
      ...one,
      ids: gather(one.ids, one.length, rows),
      weights: gather(one.weights, one.length, rows),
    })),
  };
}

/** The rows of several features of one shape, one after the other. */
export function joinFeatures(parts: readonly Features[]): Features {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return {
    rows,
    numeric: {
      ...first!.numeric,
      data: chain(
        new Float32Array(rows * first!.numeric.names.length),
        parts.map(({ numeric }) => numeric.data),
      ),
    },
    categorical: {
      ...first!.categorical,
      codes: chain(
        new Int32Array(rows * first!.categorical.names.length),
        parts.map(({ categorical }) => categorical.codes),
      ),
    },
    text: first!.text.map((one, i) => ({
      ...one,
      ids: chain(
        new Int32Array(rows * one.length),
        parts.map(({ text }) => text[i]!.ids),
      ),
      weights: chain(
        new Float32Array(rows * one.length),
        parts.map(({ text }) => text[i]!.weights),
      ),
    })),
  };
}

/** Lists one after the other. */
function chain<A extends Float32Array | Int32Array>(out: A, parts: readonly A[]): A {
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function interleave<A extends Float32Array | Int32Array>(out: A, columns: readonly A[]): A {
  const width = columns.length;
  columns.forEach((column, c) => {
    for (let row = 0; row < column.length; row++) out[row * width + c] = column[row]!;
  });
  return out;
}

function gather<A extends Float32Array | Int32Array>(data: A, width: number, rows: ArrayLike<number>): A {
  const out = new (data.constructor as new (length: number) => A)(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    out.set(data.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  }
  return out;
}
