import { PolytaskError } from '../../common/error.ts';
import type { Row } from '../rows.ts';
import { invalidRequest } from './refusal.ts';

/** Rows of a request. */
export interface AskedRows {
  readonly rows: readonly Row[];
  /** One row was given by itself, and is answered so. */
  readonly single: boolean;
}

const HELP = 'Send one row, {"age": 41}, several, {"rows": [{"age": 41}, …]}, or a list of rows.';

/** A body as a value. @throws `request-invalid` */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = text.trim() === '' ? 'an empty body' : (cause as Error).message;
    throw invalidRequest('body', 'JSON', found, HELP);
  }
}

/** The rows of a body of `/predict`. @throws `request-invalid`, `request-too-large` */
export function readRows(body: unknown, most: number): AskedRows {
  if (Array.isArray(body)) return { rows: checkRows(body, '', most), single: false };
  if (!isRecord(body)) throw invalidRequest('body', 'a row, or rows', describe(body), HELP);
  if (!Array.isArray(body.rows)) return { rows: checkRows([body], undefined, most), single: true };
  const stray = Object.keys(body).find((key) => key !== 'rows');
  if (stray !== undefined)
    throw invalidRequest(stray, 'nothing beside "rows"', `"${stray}"`, 'Put every column into the rows.');
  return { rows: checkRows(body.rows, 'rows', most), single: false };
}

/** @throws `request-too-large` */
export function checkCount(rows: number, most: number): void {
  if (rows <= most) return;
  throw new PolytaskError('request-too-large', {
    path: 'rows',
    expected: `at most ${most} rows a request`,
    found: `${rows} rows`,
    help: 'Send them in several requests, or use "polytask predict" for files.',
  });
}

function checkRows(rows: readonly unknown[], path: string | undefined, most: number): readonly Row[] {
  checkCount(rows.length, most);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const at = path === undefined ? '' : `${path}[${i}]`;
    if (!isRecord(row)) throw invalidRequest(at, 'a row: an object of columns', describe(row), HELP);
    for (const name in row) {
      const cell = row[name];
      if (typeof cell === 'object' && cell !== null) checkNested(cell, at === '' ? name : `${at}.${name}`);
    }
  }
  return rows as readonly Row[];
}

/** A list of plain values is a text that joins them with "|", as training reads it; nothing else may be nested. */
function checkNested(cell: object, path: string): void {
  if (Array.isArray(cell) && cell.every((one) => typeof one !== 'object' || one === null)) return;
  throw invalidRequest(
    path,
    'a number, a text, true, false, null, or a list of them',
    describe(cell),
    'Write nested values as a text, as the training rows had them.',
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
