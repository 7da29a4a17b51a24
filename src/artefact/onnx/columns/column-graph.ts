import { type GraphBuilder, ML } from '../../../engine/onnx/builder.ts';

/** The largest finite number. */
const LARGEST = Number.MAX_VALUE;

/**
 * Writes what encoders do as ONNX nodes, in double precision. A column is [batch, 1]; a list of numbers stands beside it as
 * [1, n].
 */
export class ColumnGraph {
  readonly #graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  /** Numbers [1, n]; one of them is a scalar. */
  numbers(values: readonly number[] | number): string {
    if (typeof values === 'number') return this.#graph.scalar(values, 'float64');
    return this.#graph.constant('float64', [1, values.length], Float64Array.from(values));
  }

  #binary(operator: string, a: string, b: string | number): string {
    return this.#graph.op(operator, [a, typeof b === 'number' ? this.numbers(b) : b]);
  }

  add = (a: string, b: string | number): string => this.#binary('Add', a, b);
  sub = (a: string, b: string | number): string => this.#binary('Sub', a, b);
  mul = (a: string, b: string | number): string => this.#binary('Mul', a, b);
  div = (a: string, b: string | number): string => this.#binary('Div', a, b);
  equal = (a: string, b: string | number): string => this.#binary('Equal', a, b);
  /** Whether a ≤ b. */
  most = (a: string, b: string | number): string => this.#binary('LessOrEqual', a, b);

  floor = (x: string): string => this.#graph.op('Floor', [x]);
  /** ⌊x / y⌋ */
  quotient = (x: string, y: number): string => this.floor(this.div(x, y));
  abs = (x: string): string => this.#graph.op('Abs', [x]);
  sign = (x: string): string => this.#graph.op('Sign', [x]);
  log = (x: string): string => this.#graph.op('Log', [x]);
  clip = (x: string, low: number, high: number): string =>
    this.#graph.op('Clip', [x, this.numbers(low), this.numbers(high)]);
  where = (condition: string, a: string, b: string | number): string =>
    this.#graph.op('Where', [condition, a, typeof b === 'number' ? this.numbers(b) : b]);

  /** 1 where a condition holds, else 0. */
  indicator = (condition: string): string => this.#graph.castTo(condition, 'float64');
  not = (condition: string): string => this.#graph.op('Not', [condition]);
  /** Whether there is a number, of at most such a size. */
  isThere = (x: string, largest: number = LARGEST): string => this.most(this.abs(x), largest);

  /** Σ over the numbers beside a column, each with a weight: [batch, n] → [batch, 1]. */
  weighted(x: string, weights: readonly number[]): string {
    const column = this.#graph.constant('float64', [weights.length, 1], Float64Array.from(weights));
    return this.#graph.op('MatMul', [x, column]);
  }

  /** (sin 2πp, cos 2πp) */
  circle(p: string): string[] {
    const angle = this.mul(p, 2 * Math.PI);
    return ['Sin', 'Cos'].map((operator) => this.#graph.op(operator, [angle]));
  }

  /** Whole numbers by text; `other` for texts that are not among them. */
  lookup(text: string, numbersOf: ReadonlyMap<string, number>, other: number): string {
    const attributes = {
      keys_strings: { strings: [...numbersOf.keys()] },
      values_int64s: [...numbersOf.values()],
      default_int64: other,
    };
    return this.#graph.castTo(this.#graph.op('LabelEncoder', [text], attributes, ML), 'int32');
  }

  toCode = (x: string): string => this.#graph.castTo(x, 'int32');

  /** Columns side by side, of one type. */
  beside(columns: readonly string[]): string {
    return columns.length === 1 ? columns[0]! : this.#graph.op('Concat', columns, { axis: 1 });
  }

  /** 0 for every row, beside finite numbers [batch, n]. */
  zero = (beside: string): string => this.mul(this.#first(beside), 0);
  zeroCode = (beside: string): string => this.#graph.op('Sub', [beside, beside]);

  #first = (x: string): string =>
    this.#graph.op('Slice', [x, ...[0, 1, 1].map((one) => this.#graph.int64s([one]))]);

  /** Places [batch, 1] as [batch], each checked to be below a number. */
  picked(code: string, below: number): string {
    const flat = this.#graph.op('Reshape', [code, this.#graph.int64s([-1])]);
    const all = Int32Array.from({ length: below }, (_, i) => i);
    return this.#graph.op('Gather', [this.#graph.constant('int32', [below], all), flat]);
  }

  /** Rows of a matrix by place. */
  rows(places: string, matrix: readonly (readonly number[])[]): string {
    const shape = [matrix.length, matrix[0]!.length];
    return this.#graph.op('Gather', [
      this.#graph.constant('float32', shape, Float32Array.from(matrix.flat())),
      places,
    ]);
  }

  toFeatures = (x: string): string => this.#graph.castTo(x, 'float32');
}
