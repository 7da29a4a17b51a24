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
    const { cells, given } = this.#cells(name);
    const { column, lost } = type === 'string' ? texts(name, cells) : values(name, type, cells);
    return { column, given, lost: lost.length, firstLost: lost[0] };
  }

  #cells(name: string): { readonly cells: readonly unknown[]; readonly given: number } {
    const [rows, read] = [this.#rows, this.#read];
    const direct = this.#plain && !(name in Object.prototype);
    const cells = new Array<unknown>(rows.length);
    let given = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const cell = direct ? row[name] : undefined;
      if (cell === undefined && !Object.hasOwn(row, name)) continue;
      cells[i] = direct ? cell : row[name];
      read[i]!++;
      given++;
    }
    return { cells, given };
  }

  /** Whether every cell of every row was read. */
  get exhausted(): boolean {
    return this.#rows.every((row, i) => Object.keys(row).length === this.#read[i]);
  }
}

interface Parsed {
  readonly column: Column;
  /** What was no missing value and has become one. */
  readonly lost: readonly unknown[];
}

const isEmpty = (cell: unknown): boolean => cell === null || cell === undefined || cell === '';

function values(name: string, type: Exclude<Column['type'], 'string'>, cells: readonly unknown[]): Parsed {
  const parse = BUILD_VALUE[type];
  const values = new Float64Array(cells.length);
  const lost: unknown[] = [];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    const value = type === 'number' && typeof cell === 'number' ? cell : parse(plainCell(cell));
    values[i] = value;
    if (!Number.isFinite(value) && !isEmpty(cell)) lost.push(cell);
  }
  const column: Column = type === 'number' ? { type, name, values, integer: false } : { type, name, values };
  return { column, lost };
}

function texts(name: string, cells: readonly unknown[]): Parsed {
  const codeOf = new Map<string, number>();
  const dictionary: string[] = [];
  const codes = new Int32Array(cells.length).fill(-1);
  const lost: unknown[] = [];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    const known = typeof cell === 'string' ? codeOf.get(cell) : undefined;
    if (known !== undefined) {
      codes[i] = known;
      continue;
    }
    const text = textOf(plainCell(cell));
    if (text === null) {
      if (!isEmpty(cell)) lost.push(cell);
      continue;
    }
    let code = codeOf.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codeOf.set(text, code);
    }
    codes[i] = code;
  }
  return { column: { type: 'string', name, codes, dictionary }, lost };
}
