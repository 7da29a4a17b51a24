import { PolytaskError, suggest } from '../../common/error.ts';
import type { Column } from '../../common/table.ts';
import { columnFromValues } from '../cells.ts';
import { codesOf, isMissing } from '../columns.ts';
import type { EncoderJSON, EncoderSpec, FittedEncoder } from '../encoders/encoder.ts';
import { encoderFromJSON, fitEncoder } from '../encoders/registry.ts';
import { hashText } from './hash-text.ts';

type Values = Readonly<Record<string, unknown>>;

/** How one key is encoded: by an encoder of columns, or, where it holds sentences, as hashed n-grams. */
export type KeyJSON = { readonly key: string; readonly text: number } | EncoderJSON;

/** One key of the descriptions of tasks. */
interface Key {
  readonly name: string;
  readonly width: number;
  /** [values, width] */
  encode(values: readonly unknown[]): Float32Array[];
  toJSON(): KeyJSON;
}

/**
 * Numbers and categories of tasks as a vector: numbers standardised on the tasks that it is fitted on, with an indicator
 * where some lack them, categories one-hot with zeros for one that is new or missing, sentences hashed.
 */
export class KeyValues {
  readonly #keys: readonly Key[];

  private constructor(keys: readonly Key[]) {
    this.#keys = keys;
  }

  /**
   * Keys that are the same for all tasks teach nothing and are left out.
   *
   * @param records flat values of each training task
   * @param textWidth numbers that a sentence is hashed into
   */
  static fit(records: readonly Values[], textWidth: number): KeyValues {
    const names = [...new Set(records.flatMap(Object.keys))];
    const rows = Int32Array.from(records.keys());
    const keys = names.flatMap((name): Key[] => {
      const column = columnFromValues(name, cellsOf(records, name));
      if (isConstant(column)) return [];
      if (holdsSentences(column)) return [sentences(name, textWidth)];
      return [values(fitEncoder(column, SPECS[column.type], rows))];
    });
    return new KeyValues(keys);
  }

  static fromJSON(json: readonly KeyJSON[]): KeyValues {
    return new KeyValues(
      json.map((key) =>
        'key' in key ? sentences(key.key as string, key.text as number) : values(encoderFromJSON(key)),
      ),
    );
  }

  get names(): readonly string[] {
    return this.#keys.map(({ name }) => name);
  }

  get width(): number {
    return this.#keys.reduce((sum, { width }) => sum + width, 0);
  }

  /**
   * [records, width], row-major; a key that a record lacks is missing.
   *
   * @throws `descriptor-invalid` for a record that has none of the keys
   */
  encode(records: readonly Values[]): Float32Array {
    const { width, names } = this;
    const vectors = new Float32Array(records.length * width);
    for (const record of records) this.#requireKnown(record, names);
    let start = 0;
    for (const key of this.#keys) {
      key.encode(cellsOf(records, key.name)).forEach((vector, row) => {
        vectors.set(vector, row * width + start);
      });
      start += key.width;
    }
    return vectors;
  }

  toJSON(): KeyJSON[] {
    return this.#keys.map((key) => key.toJSON());
  }

  #requireKnown(record: Values, names: readonly string[]): void {
    const given = Object.keys(record);
    if (names.length === 0 || given.some((name) => names.includes(name))) return;
    throw new PolytaskError('descriptor-invalid', {
      path: 'task.descriptor',
      expected: `some of ${names.join(', ')}`,
      found: given.join(', ') || 'nothing',
      help: given.length === 0 ? 'Describe the task.' : suggest(given[0]!, names),
    });
  }
}

const SPECS: Readonly<Record<Column['type'], EncoderSpec>> = {
  number: { kind: 'numeric', transform: 'standard' },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  string: { kind: 'categorical', minCount: 1 },
};

function cellsOf(records: readonly Values[], name: string): unknown[] {
  return records.map((record) => (Object.hasOwn(record, name) ? record[name] : undefined));
}

function isConstant(column: Column): boolean {
  const { codes } = codesOf(column);
  return new Set(codes).size <= 1;
}

/** Texts of several words that are not those of a few categories. */
function holdsSentences(column: Column): boolean {
  if (column.type !== 'string') return false;
  const texts = column.dictionary;
  const words = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0) / texts.length;
  return words >= 3 && texts.length > column.codes.filter((code) => code >= 0).length / 2;
}

function sentences(name: string, width: number): Key {
  return {
    name,
    width,
    encode: (cells) =>
      cells.map((cell) =>
        cell === undefined || cell === null ? new Float32Array(width) : hashText(String(cell), width),
      ),
    toJSON: () => ({ key: name, text: width }),
  };
}

/** Code 0 is missing or unseen, 1 is rare, which nothing is where every value counts. */
const FIRST_CATEGORY = 2;

function values(encoder: FittedEncoder): Key {
  const [category] = encoder.shape.categorical;
  const name = encoder.column;
  const read = (cells: readonly unknown[]): Column =>
    columnFromValues(name, cells, { types: { [name]: encoder.type } });
  const toJSON = (): EncoderJSON => encoder.toJSON();
  if (category === undefined) {
    const width = encoder.shape.numeric.length;
    return {
      name,
      width,
      encode: (cells) => {
        const { numeric = [] } = encoder.encode(read(cells));
        return cells.map((_, row) => Float32Array.from(numeric, (feature) => feature[row]!));
      },
      toJSON,
    };
  }
  const width = category.cardinality - FIRST_CATEGORY;
  return {
    name,
    width,
    encode: (cells) => {
      const column = read(cells);
      const [codes] = encoder.encode(column).categorical!;
      return cells.map((_, row) => {
        const vector = new Float32Array(width);
        const place = isMissing(column, row) ? -1 : codes![row]! - FIRST_CATEGORY;
        if (place >= 0) vector[place] = 1;
        return vector;
      });
    },
    toJSON,
  };
}
