import { preferenceLabel } from '../../front/label.ts';
import type { FrontPoint, FrontResult, FrontTask, Spread } from '../../front/result.ts';
import { hueOf } from '../view.ts';

/** A point with what its drawing needs. */
export interface PointView {
  readonly point: FrontPoint;
  readonly label: string;
  /** Degrees of the task that matters most; none where all are alike. */
  readonly hue: number | undefined;
}

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
  readonly task: FrontTask;
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}

/** @param spreads with whose ranges the axis is drawn */
export function metricAxis(task: FrontTask, spreads: readonly (Spread | null)[]): MetricAxis {
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
