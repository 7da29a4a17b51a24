import type { Spread } from '../../front/result.ts';
import type { MetricAxis, Plotted } from '../front/view.ts';
import { html, type Markup } from '../html.ts';
import { carriedFront } from './carried-front.ts';
import { beside, type LabelPlace, placeLabels } from './label-places.ts';
import { decimalsOf } from './plot.ts';
import { coordinate, ticks } from './scale.ts';
import { textWidth } from './text-width.ts';

const HEIGHT = 400;
const BOTTOM = HEIGHT - 26;
const TOP = 8;
const FONT = 12;

/** Across as a share of the width, down in pixels. */
interface Place {
  readonly x: number;
  readonly y: number;
}

interface Dot extends Plotted, Place {
  readonly across: Spread;
  readonly up: Spread;
  /** The ends of what its seeds range over, on either axis. */
  readonly ranges: readonly (readonly [Place, Place])[];
}

/**
 * Two metrics against each other, better to the right and upwards: the front as a line, what is beaten pale, each with its
 * preference and the range of its seeds. Places across are in per cent of the width, so that text keeps its size.
 *
 * @param each what a dot stands for
 */
export function frontScatter(
  points: readonly Plotted[],
  x: MetricAxis,
  y: MetricAxis,
  each: string = 'preference',
): Markup {
  const dots = points.flatMap((view) => dotOf(view, x, y)).sort((a, b) => a.x - b.x);
  const front = dots.filter(({ point }) => point.front);
  const order = [...front, ...dots.filter(({ point }) => !point.front)];
  const edges = front.slice(1).map((to, i) => [front[i]!, to] as const);
  const places = placeLabels(
    order.map((dot) => ({ x: dot.x, y: dot.y, width: textWidth(dot.label, FONT) })),
    [...dots, ...[...edges, ...dots.flatMap(({ ranges }) => ranges)].flatMap(along)],
    BOTTOM,
    beside,
  );
  const labelled = order.flatMap((dot, i) => (places[i] ? [{ dot, place: places[i] }] : []));
  const title = `Validation ${x.task.validation.metric} of ${x.task.name} and ${y.task.validation.metric} of ${y.task.name} for each ${each}`;
  return html`<svg class="front" role="img" width="100%" height="${HEIGHT}"><title>${title}</title>${carriedFront(dots, [x, y], each)}${grid(x, y)}${edges.map(
    (ends) => line('edge', ends),
  )}${labelled.map(leader)}${order.toReversed().map((dot) => drawn(dot, x, y))}${labelled.map(label)}</svg>`;
}

function dotOf(view: Plotted, x: MetricAxis, y: MetricAxis): Dot[] {
  const { validation } = view.point;
  const [across, up] = [validation[x.task.name], validation[y.task.name]];
  if (!across || !up) return [];
  const place = { x: share(x, across.mean), y: height(y, up.mean) };
  const ranges = [
    [across.low, across.high].map((end) => ({ ...place, x: share(x, end) })),
    [up.low, up.high].map((end) => ({ ...place, y: height(y, end) })),
  ] as unknown as Dot['ranges'];
  return [{ ...view, ...place, across, up, ranges }];
}

function grid(x: MetricAxis, y: MetricAxis): Markup {
  const columns = marks(x, 4).map(({ value, text }) => {
    const place = percent(share(x, value));
    return html`<line class="grid" x1="${place}" x2="${place}" y1="${TOP}" y2="${BOTTOM}"/><text class="tick" x="${place}" y="${HEIGHT - 8}" text-anchor="middle">${text}</text>`;
  });
  const rows = marks(y, 5).map(({ value, text }) => {
    const place = height(y, value);
    return html`<line class="grid" x1="0" x2="100%" y1="${coordinate(place)}" y2="${coordinate(place)}"/><text class="tick" x="-8" y="${coordinate(place + 4)}" text-anchor="end">${text}</text>`;
  });
  return html`${columns}${rows}<line class="base" x1="0" x2="100%" y1="${BOTTOM}" y2="${BOTTOM}"/>`;
}

function drawn(
  { point, hue, label: name, key, picked, across, up, ranges, ...at }: Dot,
  x: MetricAxis,
  y: MetricAxis,
): Markup {
  const values = `${x.task.name} ${across.mean.toPrecision(4)}, ${y.task.name} ${up.mean.toPrecision(4)}`;
  const known = ranges.filter(([from, to]) => from.x !== to.x || from.y !== to.y);
  return html`<g class="${point.front ? 'point' : 'point beaten'}${picked && ' picked'}"${key !== undefined && html` data-key="${key}"`}${hue !== undefined && html` style="--h:${hue}"`}><title>${name}: ${values}${!point.front && ', beaten'}</title>${known.map(
    (ends) => line('range', ends),
  )}${picked && html`<circle class="ring" cx="${percent(at.x)}" cy="${coordinate(at.y)}" r="10"/>`}<circle cx="${percent(at.x)}" cy="${coordinate(at.y)}" r="5.5"/></g>`;
}

interface Labelled {
  readonly dot: Dot;
  readonly place: LabelPlace;
}

/** From the dot to the nearest place of a label that stands away. */
function leader({ dot, place: { dx, dy } }: Labelled): Markup | false {
  const toX = Math.min(Math.max(0, dx), dx + textWidth(dot.label, FONT));
  const toY = dy - Math.sign(dy) * 6;
  if (Math.hypot(toX, toY) <= 18) return false;
  return html`<svg x="${percent(dot.x)}" y="${coordinate(dot.y)}" overflow="visible"><line class="leader" x1="0" y1="0" x2="${coordinate(toX)}" y2="${coordinate(toY)}"/></svg>`;
}

function label({ dot, place: { dx, dy } }: Labelled): Markup {
  const middle = dx + textWidth(dot.label, FONT) / 2;
  return html`<svg x="${percent(dot.x)}" y="${coordinate(dot.y)}" overflow="visible"><text class="${dot.point.front ? 'label' : 'label beaten'}" x="${coordinate(middle)}" y="${coordinate(dy + 4)}" text-anchor="middle">${dot.label}</text></svg>`;
}

function line(name: string, [from, to]: readonly [Place, Place]): Markup {
  return html`<line class="${name}" x1="${percent(from.x)}" y1="${coordinate(from.y)}" x2="${percent(to.x)}" y2="${coordinate(to.y)}"/>`;
}

/** Places along a line, so close that no label fits between. */
function along([from, to]: readonly [Place, Place]): Place[] {
  const count = Math.ceil(Math.hypot(640 * (to.x - from.x), to.y - from.y) / 12);
  return Array.from({ length: count + 1 }, (_, i) => {
    const part = count === 0 ? 0 : i / count;
    return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) };
  });
}

function marks({ low, high }: MetricAxis, count: number): { value: number; text: string }[] {
  const values = ticks(low, high, count);
  const decimals = decimalsOf(values);
  return values.map((value) => ({ value, text: value.toFixed(decimals).replace('-', '−') }));
}

const share = (axis: MetricAxis, value: number): number => 0.03 + 0.94 * axis.at(value);
const height = (axis: MetricAxis, value: number): number =>
  BOTTOM - 12 - (BOTTOM - 12 - TOP - 8) * axis.at(value);
const percent = (part: number): string => `${coordinate(100 * part)}%`;
