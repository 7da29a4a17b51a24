import type { Column } from '../../common/table.ts';
import { BUILD_VALUE, plainCell, textOf } from '../cells.ts';

/** A column out of the rows of a prediction. */
export interface RowCells {
  readonly column: Column;
  /** Rows that have it, be it without a value. */
  readonly given: number;
  /** Cells that hold something which the type cannot, and the first of them. */
  readonly lost: number;
  readonly firstLost: unknown;
}

export type PlainRow = Readonly<Record<string, unknown>>;

/** Cells of rows, column by column; it counts what was read, so that it is known whether a row holds anything else. */
export class RowReader {
  readonly #rows: readonly PlainRow[];
  /** Whether rows inherit nothing but what all objects do. */
  readonly #plain: boolean;
  readonly #read: Int32Array;

  constructor(rows: readonly PlainRow[]) {
    this.#rows = rows;
    this.#plain = rows.every((row) => Object.getPrototypeOf(row) === Object.prototype);
    this.#read = new Int32Array(rows.length);
  }

  column(name: string, type: Column['type']): RowCells {
    const rows = this.#rows;
    const direct = this.#plain && !(name in Object.prototype);
    let [given, lost, firstLost] = [0, 0, undefined as unknown];
    const cellAt = (i: number): unknown => {
      const row = rows[i]!;
      if (direct) {
        const cell = row[name];
        if (cell === undefined && !Object.hasOwn(row, name)) return undefined;
        given++;
        this.#read[i]!++;
        return cell;
      }
      if (!Object.hasOwn(row, name)) return undefined;
      given++;
      this.#read[i]!++;
      return row[name];
    };
    const lose = (cell: unknown): void => {
      if (cell === null || cell === undefined || cell === '') return;
      if (lost++ === 0) firstLost = cell;
    };
    const column =
      type === 'string'
        ? texts(name, rows.length, cellAt, lose)
        : values(name, type, rows.length, cellAt, lose);
    return { column, given, lost, firstLost };
  }

  /** Whether every cell of every row was read. */
  get exhausted(): boolean {
    return this.#rows.every((row, i) => Object.keys(row).length === this.#read[i]);
  }
}

type CellAt = (row: number) => unknown;

function values(
  name: string,
  type: Exclude<Column['type'], 'string'>,
  rows: number,
  cellAt: CellAt,
  lose: (cell: unknown) => void,
): Column {
  const parse = BUILD_VALUE[type];
  const values = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const cell = cellAt(i);
    const value = type === 'number' && typeof cell === 'number' ? cell : parse(plainCell(cell));
    values[i] = value;
    if (!Number.isFinite(value)) lose(cell);
  }
  return type === 'number' ? { type, name, values, integer: false } : { type, name, values };
}

function texts(name: string, rows: number, cellAt: CellAt, lose: (cell: unknown) => void): Column {
  const codeOf = new Map<string, number>();
  const dictionary: string[] = [];
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const cell = cellAt(i);
    const text = textOf(plainCell(cell));
    if (text === null) {
      codes[i] = -1;
      lose(cell);
      continue;
    }
    let code = codeOf.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codeOf.set(text, code);
    }
    codes[i] = code;
  }
  return { type: 'string', name, codes, dictionary };
}
