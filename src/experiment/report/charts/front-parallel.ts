import { score, truncate } from '../format.ts';
import type { MetricAxis, PointView } from '../front/view.ts';
import { html, type Markup } from '../html.ts';
import { hueOf } from '../view.ts';
import { carriedFront } from './carried-front.ts';
import { below, placeLabels } from './label-places.ts';
import { coordinate } from './scale.ts';
import { textWidth } from './text-width.ts';

const ROW = 62;
const LINE = 34;
/** What labels may take below the last axis. */
const LABELS = 106;
const FONT = 12;

/**
 * Parallel coordinates, an axis a task below each other, better to the right: a line for each preference, what is beaten
 * pale.
 *
 * A. Inselberg: The plane with parallel coordinates. The Visual Computer 1, 1985.
 *
 * @param places of the tasks among all, for their colours
 */
export function frontParallel(
  points: readonly PointView[],
  axes: readonly MetricAxis[],
  places: readonly number[],
): Markup {
  const rows = axes.map((axis, row) => ({ axis, y: ROW * row + LINE }));
  const bottom = ROW * (axes.length - 1) + LINE;
  const drawn = points.map((view) => ({
    ...view,
    stops: rows.flatMap(({ axis, y }) => {
      const spread = view.point.validation[axis.task.name];
      return spread ? [{ x: share(axis, spread.mean), y }] : [];
    }),
  }));
  const [front, beaten] = [true, false].map((on) => drawn.filter(({ point }) => point.front === on));
  const ended = front!
    .filter(({ stops }) => stops.at(-1)?.y === bottom)
    .map((own) => ({ own, ...own.stops.at(-1)!, width: textWidth(own.label, FONT) }))
    .sort((a, b) => Math.abs(a.x - 0.5) - Math.abs(b.x - 0.5));
  const labels = placeLabels(ended, [], bottom + LABELS, below);
  const names = html`${rows.map(({ axis, y }, row) => axisNames(axis, y, places[row]!))}`;
  const hung = ended.flatMap((own, i) => (labels[i] ? [{ ...own, place: labels[i] }] : []));
  const height = bottom + Math.max(0, ...hung.map(({ place }) => place.dy)) + 14;
  return html`<svg class="front parallel" role="img" width="100%" height="${height}"><title>Validation metrics of ${axes.length} tasks for each preference</title>${carriedFront(points, axes, 'preference')}${rows.map(
    ({ y }) => html`<line class="base" x1="0" x2="100%" y1="${y}" y2="${y}"/>`,
  )}${hung.map(
    ({ own, x, y, place }) =>
      html`<line class="leader"${colour(own)} x1="${percent(x)}" x2="${percent(x)}" y1="${y}" y2="${y + place.dy - 6}"/>`,
  )}${[...beaten!, ...front!].map(line)}${names}${hung.map(
    ({ own, x, y, width, place }) =>
      html`<svg x="${percent(x)}" y="${y}" overflow="visible"><text class="label" x="${coordinate(place.dx + width / 2)}" y="${place.dy + 4}" text-anchor="middle">${own.label}</text></svg>`,
  )}</svg>`;
}

interface Stop {
  readonly x: number;
  readonly y: number;
}

function line(view: PointView & { readonly stops: readonly Stop[] }): Markup {
  const { point, label, stops } = view;
  return html`<g class="${view.point.front ? 'point' : 'point beaten'}"${colour(view)}><title>${label}${!point.front && ', beaten'}</title>${stops
    .slice(1)
    .map(
      (to, i) =>
        html`<line class="edge" x1="${percent(stops[i]!.x)}" y1="${stops[i]!.y}" x2="${percent(to.x)}" y2="${to.y}"/>`,
    )}${stops.map(({ x, y }) => html`<circle cx="${percent(x)}" cy="${y}" r="4"/>`)}</g>`;
}

const colour = ({ hue }: PointView): Markup | false => hue !== undefined && html` style="--h:${hue}"`;

function axisNames({ task, low, high }: MetricAxis, y: number, place: number): Markup {
  const { metric, higherIsBetter } = task.validation;
  const [worst, best] = higherIsBetter ? [low, high] : [high, low];
  return html`<g style="--h:${hueOf(place)}"><text class="name" x="0" y="${y - 14}">${truncate(task.name, 24)} <tspan class="tick">${metric}</tspan></text><text class="tick" x="100%" y="${y - 14}" text-anchor="end">${score(worst, best)} → ${score(best, worst)}</text></g>`;
}

const share = (axis: MetricAxis, value: number): number => 0.02 + 0.96 * axis.at(value);
const percent = (part: number): string => `${coordinate(100 * part)}%`;
