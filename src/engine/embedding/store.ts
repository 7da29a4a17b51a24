import { PolytaskError } from '../../common/error.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';

/** The part of a table that a chunk of steps trains. */
export interface EmbeddingChunk {
  /** [V′ + 1, width]: the touched rows and a scratch row of zeros. */
  readonly table: TensorData;
  readonly slots: Readonly<Record<string, TensorData>>;
}

/**
 * A full embedding table and its optimiser's slots on the host; chunks of steps borrow the rows they touch.
 *
 * @example
 * const store = new EmbeddingStore(weights, 16, optimiser.slots);
 * const { rows, unique, inverse } = compactRows(indices, [steps, batch]);
 * const chunk = store.gatherChunk(rows); // train chunk.table and chunk.slots, then
 * store.writeBack(rows, trained);
 */
export class EmbeddingStore {
  /** V, the number of rows. */
  readonly rows: number;
  readonly width: number;
  /** [V, width], row-major. */
  readonly table: Float32Array;
  /** One array [V, width] a slot, zero at the start. */
  readonly slots: Readonly<Record<string, Float32Array>>;

  /**
   * @param table V · width elements, which the store keeps and changes
   * @param slots names of the slots, or their arrays as saved by a checkpoint
   * @throws `parameters-invalid` where sizes do not fit
   */
  constructor(
    table: Float32Array,
    width: number,
    slots: readonly string[] | Readonly<Record<string, Float32Array>>,
  ) {
    this.rows = table.length / width;
    this.width = width;
    this.table = table;
    this.slots = isNames(slots)
      ? Object.fromEntries(slots.map((name) => [name, new Float32Array(table.length)]))
      : slots;
    const odd = Object.entries(this.slots).find(([, slot]) => slot.length !== table.length);
    if (!Number.isInteger(this.rows) || odd !== undefined)
      throw invalid(
        `a table and slots of rows of ${width}`,
        odd === undefined ? `${table.length} elements` : `${odd[1].length} elements in ${odd[0]}`,
        'Give rows times width elements.',
      );
  }

  /** The touched rows, in the order given, and a scratch row. */
  gatherChunk(rows: Int32Array): EmbeddingChunk {
    const beyond = rows.find((row) => row < 0 || row >= this.rows);
    if (beyond !== undefined)
      throw invalid(`rows below ${this.rows}`, `${beyond}`, 'Encode unseen values as row 0.');
    const gather = (from: Float32Array): TensorData => {
      const { width } = this;
      const data = new Float32Array((rows.length + 1) * width);
      // Element by element: rows are short, and a view of each would cost more than its copy.
      for (let i = 0; i < rows.length; i++)
        for (let j = 0, at = rows[i]! * width; j < width; j++) data[i * width + j] = from[at + j]!;
      return tensorData(data, [rows.length + 1, width]);
    };
    return { table: gather(this.table), slots: mapValues(this.slots, gather) };
  }

  /** Takes trained rows back; the scratch row is dropped. */
  writeBack(rows: Int32Array, chunk: EmbeddingChunk): void {
    const { width } = this;
    const put = (into: Float32Array, { data: lent }: TensorData): void => {
      const data = lent as Float32Array;
      if (data.length !== (rows.length + 1) * width)
        throw invalid(
          `${rows.length + 1} rows of ${width}`,
          `${data.length} elements`,
          'Write back what was lent.',
        );
      for (let i = 0; i < rows.length; i++)
        for (let j = 0, at = rows[i]! * width; j < width; j++) into[at + j] = data[i * width + j]!;
    };
    put(this.table, chunk.table);
    for (const [name, slot] of Object.entries(this.slots)) put(slot, chunk.slots[name]!);
  }
}

function isNames(
  slots: readonly string[] | Readonly<Record<string, Float32Array>>,
): slots is readonly string[] {
  return Array.isArray(slots);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function invalid(expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('parameters-invalid', { path: 'EmbeddingStore', expected, found, help });
}
