import { html, type Markup } from '../html.ts';

/** A cell of the table that a drawing carries; null is empty. */
export type Datum = string | number | null | undefined;

/**
 * What a drawing shows as a table, for whoever takes it along: tab-separated text in the `<metadata>` of its SVG, a header
 * and a line a row.
 */
export function carried(columns: readonly string[], rows: readonly (readonly Datum[])[]): Markup {
  return html`<metadata>${tabbed(columns, rows)}</metadata>`;
}

/** A table as tab-separated text; numbers with six digits, which is more than a drawing shows. */
export function tabbed(columns: readonly string[], rows: readonly (readonly Datum[])[]): string {
  return [columns, ...rows].map((row) => row.map(plain).join('\t')).join('\n');
}

/** A cell as text that other programs read. */
export function plain(value: Datum): string {
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim();
  if (typeof value !== 'number' || !Number.isFinite(value)) return '';
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}

/** Values over steps by a name. */
export type NamedSeries = readonly [name: string, values: ReadonlyMap<number, number | null>];

/** Several values over steps side by side: a row a step at which one of them is there. */
export function overSteps(series: readonly NamedSeries[]): [columns: string[], rows: Datum[][]] {
  const steps = [...new Set(series.flatMap(([, values]) => [...values.keys()]))].sort((a, b) => a - b);
  return [
    ['step', ...series.map(([name]) => name)],
    steps.map((step) => [step, ...series.map(([, values]) => values.get(step))]),
  ];
}
