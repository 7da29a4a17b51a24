import { html, type Markup } from '../html.ts';
import { carried } from './carried.ts';

export interface MatrixPictureInput {
  readonly title: string;
  /** Of rows and columns alike. */
  readonly names: readonly string[];
  /** Null is a gap. */
  readonly table: readonly (readonly (number | null)[])[];
  /** The group of each name; those of a group stand together and are framed. */
  readonly groups: readonly number[];
  /** What has the full colour, where pictures are compared; default: all that is larger than 19 in 20 of the numbers. */
  readonly reach?: number;
}

/** Shades on either side of 0. */
const LEVELS = 8;
/** Names of the most that stand beside their rows. */
const MOST_NAMED = 60;

/** A large square table as colours alone, blue above 0 and rust below, with groups framed. */
export function matrixPicture({
  title,
  names,
  table,
  groups,
  reach = most(table),
}: MatrixPictureInput): Markup {
  const size = names.length;
  const cells = new Map<number, string[]>();
  table.forEach((row, r) => {
    row.forEach((value, c) => {
      if (value === null) return;
      const shade = Math.round(LEVELS * Math.max(-1, Math.min(1, value / reach)));
      cells.set(shade, [...(cells.get(shade) ?? []), `M${c} ${r}h1v1h-1z`]);
    });
  });
  const starts = groups.flatMap((group, i) => (i === 0 || group !== groups[i - 1] ? [i] : []));
  const named = size <= MOST_NAMED;
  return html`<figure class="matrix-picture">${
    named && html`<ol>${names.map((name) => html`<li>${name}</li>`)}</ol>`
  }<svg role="img" viewBox="0 0 ${size} ${size}"><title>${title}</title>${carried(
    ['', ...names],
    table.map((row, r) => [names[r], ...row]),
  )}${[...cells].map(
    ([shade, places]) =>
      html`<path class="${shade < 0 ? 'worse' : 'better'}" style="--tint:${(100 * Math.abs(shade)) / LEVELS}%" d="${places.join('')}"/>`,
  )}${starts.map((from, i) => {
    const width = (starts[i + 1] ?? size) - from;
    return html`<rect x="${from}" y="${from}" width="${width}" height="${width}"/>`;
  })}</svg></figure>`;
}

/** A few large values must not pale the rest. */
function most(table: MatrixPictureInput['table']): number {
  const sizes = table.flat().flatMap((value) => (value === null ? [] : [Math.abs(value)]));
  return sizes.sort((a, b) => a - b)[Math.floor(0.95 * (sizes.length - 1))] || 1;
}
