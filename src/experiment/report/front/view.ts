import { preferenceLabel } from '../../front/label.ts';
import type { FrontPoint, FrontResult, FrontTask, Judged, Spread } from '../../front/result.ts';
import { hueOf } from '../view.ts';

/** A model in a drawing of a trade-off. */
export interface Plotted {
  readonly point: Pick<FrontPoint, 'front' | 'validation'>;
  readonly label: string;
  /** Degrees of the task that matters most; none where all are alike. */
  readonly hue: number | undefined;
  /** By which a page knows it again. */
  readonly key?: string;
  /** The one that is pointed out. */
  readonly picked?: boolean;
}

/** A point of a front, ready to be drawn. */
export interface PointView extends Plotted {
  readonly point: FrontPoint;
}

/** A task as far as an axis tells of it. */
export type PlottedTask = Pick<FrontTask, 'name'> & {
  readonly validation: Pick<Judged, 'metric' | 'higherIsBetter'>;
};

export function pointViews({ points, tasks }: FrontResult): PointView[] {
  return points.map((point) => {
    const parts = tasks.map(({ name }) => point.preference[name]!);
    const most = Math.max(...parts);
    const first = parts.filter((part) => part > most - 1e-9);
    return {
      point,
      label: preferenceLabel(point.preference),
      hue: first.length > 1 ? undefined : hueOf(parts.indexOf(most)),
    };
  });
}

/** Where the values of a task's metric stand between the worst and the best that there is, with a little room: 0 to 1. */
export interface MetricAxis {
  readonly task: PlottedTask;
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}

/** @param spreads with whose ranges the axis is drawn */
export function metricAxis(task: PlottedTask, spreads: readonly (Spread | null)[]): MetricAxis {
  const known = spreads.filter((spread) => spread !== null);
  const [least, most] = [
    Math.min(...known.map(({ low }) => low)),
    Math.max(...known.map(({ high }) => high)),
  ];
  const empty = known.length === 0;
  const room = most > least ? 0.04 * (most - least) : 0.05 * Math.abs(most) || 1;
  const [low, high] = empty ? [0, 1] : [least - room, most + room];
  const up = task.validation.higherIsBetter;
  return { task, low, high, at: (value) => (up ? value - low : high - value) / (high - low) };
}
