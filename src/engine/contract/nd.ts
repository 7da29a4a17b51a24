/** A plain array with a shape: what the hand-written references compute with. */
export interface Nd {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Fills a shape from a function of the index. */
export function fill(shape: readonly number[], value: (index: readonly number[]) => number): Nd {
  const size = product(shape);
  const index = new Array<number>(shape.length).fill(0);
  const data: number[] = [];
  for (let i = 0; i < size; i++) {
    data.push(value(index));
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

/** The element at an index of equal or higher rank; axes of size 1 stretch. */
export function at(x: Nd, index: readonly number[]): number {
  const extra = index.length - x.shape.length;
  const offset = x.shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis + extra]!), 0);
  return x.data[offset]!;
}

export function map(x: Nd, f: (value: number) => number): Nd {
  return { shape: x.shape, data: x.data.map(f) };
}

/** A function of several operands under broadcasting. */
export function zip(f: (...values: number[]) => number, ...operands: Nd[]): Nd {
  const rank = Math.max(...operands.map(({ shape }) => shape.length));
  const shape = Array.from({ length: rank }, (_, axis) => {
    const sizes = operands.map((x) => x.shape[axis - rank + x.shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
  return fill(shape, (index) => f(...operands.map((x) => at(x, index))));
}

/** Reduces the listed elements of every group along some axes. */
export function reduce(
  x: Nd,
  axes: readonly number[] | undefined,
  keepDims: boolean,
  f: (values: number[]) => number,
): Nd {
  const rank = x.shape.length;
  const gone = new Set(
    (axes ?? x.shape.map((_, axis) => axis)).map((axis) => (axis < 0 ? axis + rank : axis)),
  );
  const kept = x.shape.map((size, axis) => (gone.has(axis) ? 1 : size));
  const groups = fill(
    x.shape.map((size, axis) => (gone.has(axis) ? size : 1)),
    () => 0,
  ).shape;
  const full = fill(kept, (index) => {
    const values: number[] = [];
    fill(groups, (inner) =>
      values.push(
        at(
          x,
          index.map((i, axis) => i + inner[axis]!),
        ),
      ),
    );
    return f(values);
  });
  return { shape: keepDims ? kept : kept.filter((_, axis) => !gone.has(axis)), data: full.data };
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Matrix product of the last two axes with broadcasting before them. */
export function product2(a: Nd, b: Nd, transposeA = false, transposeB = false): Nd {
  const [m, k] = transposeA ? [-1, -2] : [-2, -1];
  const n = transposeB ? -2 : -1;
  const lead = zip(
    () => 0,
    fill(a.shape.slice(0, -2), () => 0),
    fill(b.shape.slice(0, -2), () => 0),
  ).shape;
  const inner = a.shape.at(k!)!;
  return fill([...lead, a.shape.at(m!)!, b.shape.at(n)!], (index) => {
    const batch = index.slice(0, -2);
    const [i, j] = index.slice(-2);
    let total = 0;
    for (let l = 0; l < inner; l++)
      total +=
        at(a, [...batch, ...(transposeA ? [l, i!] : [i!, l])]) *
        at(b, [...batch, ...(transposeB ? [j!, l] : [l, j!])]);
    return total;
  });
}
