import { PolytaskError, suggest } from '../../common/error.ts';
import { concat, reshape, split } from '../operators/shape.ts';
import { formatShape, rank, shapeError, type Tensor } from '../tensor.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';

export interface ParameterEntry {
  readonly name: string;
  /** The shape of one replica's parameter. */
  readonly shape: readonly number[];
}

/** Where a parameter stands in a row of the packed matrix: [start, end). */
export interface ParameterSlice extends ParameterEntry {
  readonly start: number;
  readonly end: number;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Names ↔ slices of the packed matrix θ [...lead, n], a row a replica.
 *
 * @example
 * const layout = new ParameterLayout([{ name: 'w', shape: [4, 2] }, { name: 'b', shape: [1, 2] }], [3]);
 * const w = layout.unpack(input('theta', [3, layout.size])).get('w'); // [3, 4, 2]
 */
export class ParameterLayout {
  /** n, the number of elements of one replica. */
  readonly size: number;
  readonly slices: readonly ParameterSlice[];
  readonly lead: readonly number[];
  readonly #byName: ReadonlyMap<string, ParameterSlice>;

  /**
   * @param entries in the order in which they are packed
   * @param lead the replica axes, none or such as [S]
   * @throws `parameters-invalid` without entries, for a name given twice and for an empty parameter
   */
  constructor(entries: readonly ParameterEntry[], lead: readonly number[] = []) {
    let start = 0;
    this.slices = entries.map(({ name, shape }) => {
      const end = start + product(shape);
      const slice = { name, shape, start, end };
      if (end === start)
        throw invalid(name, 'a shape without zeros', formatShape(shape), 'Leave the parameter out.');
      start = end;
      return slice;
    });
    this.size = start;
    this.lead = lead;
    this.#byName = new Map(this.slices.map((slice) => [slice.name, slice]));
    if (entries.length === 0) throw invalid('layout', 'at least one parameter', 'none', 'Add a layer.');
    if (this.#byName.size < entries.length) {
      const twice = entries.find(({ name }, i) => entries.findIndex((other) => other.name === name) < i)!;
      throw invalid(twice.name, 'one parameter of each name', 'two', 'Rename one of the layers.');
    }
  }

  /** @throws `parameters-invalid` for a name that is not packed here */
  slice(name: string): ParameterSlice {
    const slice = this.#byName.get(name);
    if (slice === undefined)
      throw invalid(name, 'a parameter of the layout', name, suggest(name, [...this.#byName.keys()]));
    return slice;
  }

  /** The parameters as graph, [...lead, ...shape] each; any axes of θ before `lead` are kept in front. */
  unpack(theta: Tensor): Map<string, Tensor> {
    const expected = [...this.lead, this.size];
    const extra = rank(theta) - expected.length;
    if (extra < 0 || expected.some((dim, i) => dim !== theta.shape[extra + i]))
      throw shapeError('unpack', [theta], formatShape(expected), 'θ must be packed by the same layout.');
    const sizes = this.slices.map(({ start, end }) => end - start);
    const parts = split(theta, sizes, -1);
    const front = theta.shape.slice(0, -1);
    return new Map(this.slices.map(({ name, shape }, i) => [name, reshape(parts[i]!, [...front, ...shape])]));
  }

  /** The packed matrix as graph, of parameters or of gradients; further leading axes, such as tasks, are kept. */
  pack(tensors: ReadonlyMap<string, Tensor>): Tensor {
    const rows = this.slices.map(({ name, shape, start, end }) => {
      const tensor = tensors.get(name);
      if (tensor === undefined)
        throw invalid(name, `a tensor named "${name}"`, [...tensors.keys()].join(', ') || 'none', PACK_HELP);
      const expected = [...this.lead, ...shape];
      const extra = rank(tensor) - expected.length;
      if (extra < 0 || expected.some((dim, i) => dim !== tensor.shape[extra + i]))
        throw shapeError(`pack/${name}`, [tensor], formatShape(expected), PACK_HELP);
      return reshape(tensor, [...tensor.shape.slice(0, rank(tensor) - shape.length), end - start]);
    });
    return concat(rows, -1);
  }

  /** Cuts the elements of θ into named tensors [...lead, ...shape]. */
  read(data: Float32Array): Record<string, TensorData> {
    const replicas = this.#replicas(data.length);
    const entries = this.slices.map(({ name, shape, start, end }): [string, TensorData] => {
      const values = new Float32Array(replicas * (end - start));
      for (let s = 0; s < replicas; s++)
        values.set(data.subarray(s * this.size + start, s * this.size + end), s * (end - start));
      return [name, tensorData(values, [...this.lead, ...shape])];
    });
    return Object.fromEntries(entries);
  }

  /** The inverse of `read`. */
  write(values: Readonly<Record<string, Pick<TensorData, 'data'>>>): Float32Array {
    const replicas = product(this.lead);
    const data = new Float32Array(replicas * this.size);
    for (const { name, start, end } of this.slices) {
      const part = values[name]?.data as Float32Array | undefined;
      if (part?.length !== replicas * (end - start))
        throw invalid(name, `${replicas * (end - start)} elements`, `${part?.length ?? 'none'}`, PACK_HELP);
      for (let s = 0; s < replicas; s++)
        data.set(part.subarray(s * (end - start), (s + 1) * (end - start)), s * this.size + start);
    }
    return data;
  }

  /** [n] with 1 where the predicate holds and 0 elsewhere: for decay masks and frozen parts. */
  mask(predicate: (slice: ParameterSlice) => boolean): Float32Array {
    const mask = new Float32Array(this.size);
    for (const slice of this.slices) if (predicate(slice)) mask.fill(1, slice.start, slice.end);
    return mask;
  }

  #replicas(length: number): number {
    const replicas = product(this.lead);
    if (length !== replicas * this.size)
      throw invalid('layout', `${replicas * this.size} elements`, `${length}`, PACK_HELP);
    return replicas;
  }
}

const PACK_HELP = 'Every parameter of the layout needs exactly one tensor of its shape.';

function invalid(path: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('parameters-invalid', { path: `parameters/${path}`, expected, found, help });
}
