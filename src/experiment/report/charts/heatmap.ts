import { NONE } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { plain } from './carried.ts';
import { type Hues, taskLabel } from './task-label.ts';

export interface HeatmapInput {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Null is a dash. */
  readonly table: readonly (readonly (number | null)[])[];
  /** `share`: of 1, from none to all; `signed`: around 0, blue above and rust below. */
  readonly scale: 'share' | 'signed';
  /** The number that has the full colour, where tables are compared; default: the largest. */
  readonly reach?: number;
  /** Columns to point out, and why. */
  readonly marked?: { readonly columns: ReadonlySet<number>; readonly why: string };
  /** Cells that belong together, by row and column. */
  framed?(row: number, column: number): boolean;
  /** Degrees of the colour of rows and columns that are tasks. */
  readonly hues: Hues;
}

/** Rows and columns of the largest table that is shown whole. */
const MOST_ROWS = 200;
const MOST_COLUMNS = 32;

/** A table whose cells carry their number on a ground that says how much it is, and as `data-value` with all its digits. */
export function heatmap(input: HeatmapInput): Markup {
  const { title, rows, columns, table, scale, marked, framed, hues } = input;
  const numbers = table.flat().filter(isNumber);
  const largest = input.reach ?? numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = scale === 'share' ? 1 : unitOf(largest);
  const shown = columns.slice(0, MOST_COLUMNS);
  const few = rows.slice(0, scale === 'signed' ? MOST_COLUMNS : MOST_ROWS);
  const left = [
    rows.length > few.length && `${rows.length - few.length} rows`,
    columns.length > shown.length && `${columns.length - shown.length} columns`,
  ].filter((text) => text !== false);
  return html`<div class="scroll heat" tabindex="0" role="region" aria-label="${title}"><table><caption class="hidden">${title}</caption><thead><tr><th scope="col" data-value="Row">${unit === 1 ? html`<span class="hidden">Row</span>` : `in ${unit.toExponential(0).replace('+', '').replace('-', '−')}`}</th>${shown.map(
    (name, c) =>
      html`<th scope="col" class="number"${marked?.columns.has(c) && html` title="${marked.why}"`}>${taskLabel(name, hues)}${marked?.columns.has(c) && html` <span class="unused" aria-label="${marked.why}">!</span>`}</th>`,
  )}</tr></thead><tbody>${few.map(
    (name, r) =>
      html`<tr><th scope="row">${taskLabel(name, hues)}</th>${shown.map((_, c) => cell(table[r]?.[c], scale, largest, unit, framed?.(r, c) ? ' framed' : ''))}</tr>`,
  )}</tbody></table></div>${left.length > 0 && html`<p class="remark">And ${left.join(', ')} more in result.json.</p>`}`;
}

function cell(
  value: number | null | undefined,
  scale: HeatmapInput['scale'],
  largest: number,
  unit: number,
  more: string,
): Markup {
  if (!isNumber(value)) return html`<td class="number${more}" data-value="">${NONE}</td>`;
  const strength = scale === 'share' ? value : Math.abs(value) / (largest || 1);
  const tint = Math.round(45 * Math.min(1, Math.max(0, strength)));
  const way = scale === 'share' ? 'part' : value < 0 ? 'worse' : 'better';
  const exact = plain(scale === 'share' ? 100 * value : value);
  const text = scale === 'share' ? perCent(value) : amount(value / unit, largest / unit);
  return html`<td class="number cell ${way}${more}" style="--tint:${tint}%" data-value="${exact}">${text}</td>`;
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);

function perCent(value: number): string {
  const percent = 100 * value;
  return percent >= 9.95 || percent < 0.05 ? percent.toFixed(0) : percent.toFixed(1);
}

/** 1, unless numbers would be a row of zeros. */
function unitOf(largest: number): number {
  const exponent = largest > 0 ? Math.floor(Math.log10(largest)) : 0;
  return exponent >= -2 && exponent <= 3 ? 1 : 10 ** exponent;
}

/** With the decimals that show two digits more than the first of its table's largest number. */
function amount(value: number, largest: number): string {
  const decimals = largest > 0 ? Math.max(0, 2 - Math.floor(Math.log10(largest) + 1e-9)) : 0;
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? '0' : text.replace('-', '−');
}
