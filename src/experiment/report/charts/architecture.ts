import type { BlockOwner, Link, Sketch } from '../../../model/index.ts';
import { html, type Markup } from '../html.ts';
import { carried } from './carried.ts';
import { type Box, DETAIL, LABEL, type Layout, layoutSketch, PADDING, type Route } from './layout.ts';
import { coordinate } from './scale.ts';
import { fitText } from './text-width.ts';

/** On narrow screens a drawing shrinks down to this part of its size, then it scrolls. */
const SMALLEST = 0.8;
const MARGIN = 2;

export interface ArchitectureInput {
  readonly title: string;
  readonly sketch: Sketch;
  /** Degrees of each task's colour. */
  readonly hues: ReadonlyMap<string, number>;
}

/**
 * A model as boxes and arrows from the inputs on the left to the tasks on the right: a task's blocks in its colour, what
 * is shared in grey, experts in bronze; what flows is drawn through, what steers dashed, what pulls dotted.
 */
export function architecture({ title, sketch, hues }: ArchitectureInput): Markup {
  const layout = layoutSketch(sketch);
  const [width, height] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN];
  return html`<svg class="architecture" role="img" viewBox="${-MARGIN} ${-MARGIN} ${coordinate(width)} ${coordinate(height)}" style="max-width:${Math.ceil(width)}px;min-width:${Math.floor(SMALLEST * width)}px"><title>${title}</title><desc>${inWords(layout)}</desc>${linksOf(sketch)}${layout.routes.map(
    route,
  )}${layout.boxes.map((box) => drawBox(box, hues))}</svg>`;
}

function drawBox(
  { block: { label, detail, owner }, x, y, width, height }: Box,
  hues: ArchitectureInput['hues'],
): Markup {
  const hue = owner.kind === 'task' ? hues.get(owner.task) : undefined;
  const inside = width - 2 * PADDING;
  const centre = coordinate(x + width / 2);
  const text = (content: string, size: number, line: number, name: string): Markup =>
    html`<text class="${name}" x="${centre}" y="${coordinate(y + line)}" text-anchor="middle">${fitText(content, inside, size)}</text>`;
  return html`<g class="block ${owner.kind}"${hue !== undefined && html` style="--h:${hue}"`}><title>${[label, detail].filter(Boolean).join(', ')}</title><rect x="${coordinate(x)}" y="${coordinate(y)}" width="${width}" height="${height}" rx="6"/>${text(label, LABEL, detail ? 17 : 24.5, 'label')}${detail && text(detail, DETAIL, 31, 'detail')}</g>`;
}

function route({ link, points }: Route): Markup {
  const [from, to] = [points[0]!, points.at(-1)!];
  const end =
    link.kind === 'gate' &&
    html`<circle class="gate" cx="${coordinate(to[0])}" cy="${coordinate(to[1])}" r="3"/>`;
  return html`<path class="${link.kind}" d="${points.length === 2 && from[0] === to[0] ? arc(from, to) : curve(points)}"/>${end}`;
}

type Point = readonly [number, number];

/** Level through lanes, and an S from one level to the next. */
function curve(points: readonly Point[]): string {
  const parts = points.slice(1).map((to, i) => {
    const from = points[i]!;
    const middle = coordinate((from[0] + to[0]) / 2);
    return from[1] === to[1]
      ? `L${at(to)}`
      : `C${middle},${coordinate(from[1])} ${middle},${coordinate(to[1])} ${at(to)}`;
  });
  return `M${at(points[0]!)}${parts.join('')}`;
}

/** Between two boxes of a level: a bow to the right, the wider the farther they are apart. */
function arc(from: Point, to: Point): string {
  const bow = Math.min(48, 12 + Math.abs(from[1] - to[1]) / 8);
  return `M${at(from)}C${at([from[0] + bow, from[1]])} ${at([to[0] + bow, to[1]])} ${at(to)}`;
}

function at([x, y]: Point): string {
  return `${coordinate(x)},${coordinate(y)}`;
}

/** Which block leads to which. */
function linksOf({ blocks, links }: Sketch): Markup {
  const labels = new Map(blocks.map(({ id, label }) => [id, label]));
  return carried(
    ['from', 'to', 'link'],
    links.map(({ from, to, kind }) => [labels.get(from) ?? from, labels.get(to) ?? to, LINKS[kind]]),
  );
}

const OWNERS: Record<BlockOwner['kind'], string> = {
  none: '',
  shared: 'shared by all tasks',
  expert: 'an expert',
  task: 'of one task',
};

/** For those who hear the drawing. */
function inWords({ boxes }: Layout): string {
  const columns = [...new Set(boxes.map(({ x }) => x))].sort((a, b) => a - b);
  return columns
    .map((column) =>
      boxes
        .filter(({ x }) => x === column)
        .map(({ block: { label, detail, owner } }) => {
          const notes = [detail, OWNERS[owner.kind]].filter(Boolean).join(', ');
          return notes === '' ? label : `${label} (${notes})`;
        })
        .join('; '),
    )
    .join('. Then: ');
}

const LINKS: Record<Link['kind'], string> = { flow: 'flows', gate: 'steers', pull: 'pulls' };
const HOLDERS = { task: 'a task’s own', shared: 'shared', expert: 'experts' } as const;

/** What the lines and colours of a drawing mean: of lines where there are several kinds, of owners those that occur. */
export function drawingKey({ blocks, links }: Sketch): Markup {
  const kinds = (['flow', 'gate', 'pull'] as const).filter((kind) =>
    links.some((link) => link.kind === kind),
  );
  const owners = (['task', 'shared', 'expert'] as const).filter((kind) =>
    blocks.some(({ owner }) => owner.kind === kind),
  );
  return html`${kinds.length > 1 && kinds.map((kind) => html`<span class="key ${kind}">${LINKS[kind]}</span> `)}${owners.map((kind) => html`<span class="owner ${kind}">${HOLDERS[kind]}</span> `)}`;
}
