import { type CurvePoint, meanOf, type TaskDiagnosis, taskCurve } from '../../diagnosis/index.ts';
import type { EvaluationPoint } from '../../optimization/index.ts';
import type { RunResult, TaskFacts } from '../result.ts';

/** From this many tasks on, the extremes are shown and the rest is folded away. */
export const MANY_TASKS = 25;

/** Tasks of the most whose pairs are a table of numbers; those of more are a picture. */
export const MOST_NUMBERS = 14;

/** One task, with all that the report says about it. */
export interface TaskView {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly facts: TaskFacts;
  readonly multi: number | null;
  readonly independent: number | null;
  readonly diagnosis: TaskDiagnosis | undefined;
  /** Degrees; the task's colour wherever it appears. */
  readonly hue: number;
}

/** A task as drawings over time know it. */
export type TaskMark = Pick<TaskView, 'index' | 'name' | 'hue'>;

export function taskViews(result: RunResult): TaskView[] {
  return result.tasks.map((facts, index) => ({
    index,
    name: facts.task.name,
    kind: facts.task.kind,
    facts,
    multi: testMean(result, 'multi', index),
    independent: testMean(result, 'independent', index),
    diagnosis: result.diagnosis?.tasks[index],
    hue: hueOf(index),
  }));
}

/** Best Δ first; tasks without one last. */
export function byDelta(tasks: readonly TaskView[]): TaskView[] {
  const delta = ({ diagnosis }: TaskView): number => diagnosis?.delta?.mean ?? Number.NEGATIVE_INFINITY;
  return [...tasks].sort((a, b) => (delta(a) === delta(b) ? a.index - b.index : delta(b) - delta(a)));
}

/** The first and the last `count` of an order, each task at most once. */
export function extremes(tasks: readonly TaskView[], count: number): { best: TaskView[]; worst: TaskView[] } {
  const known = byDelta(tasks).filter(({ diagnosis }) => diagnosis?.delta);
  const best = known.slice(0, count);
  return { best, worst: known.slice(Math.max(count, known.length - count)).reverse() };
}

/** A task's validation curve: the mean over seeds, and each point's range over seeds. */
export interface CurveView {
  readonly mean: readonly Pick<CurvePoint, 'step' | 'metric'>[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** At most this many points of a curve are drawn. */
const MOST_POINTS = 120;

/** Points evenly spaced, the last among them. */
export function thinned<T>(points: readonly T[], most: number = MOST_POINTS): T[] {
  const every = Math.ceil(points.length / most);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

/** At most this many points that tell of gradients are kept besides. */
const MOST_LOOKS = 100;

/** Points of a curve, evenly spaced, the last among them; and points that have seen gradients, which may be rare. */
export function thinnedCurve<T>(
  points: readonly T[],
  most: number,
  pointOf: (of: T) => EvaluationPoint,
): T[] {
  if (points.length <= most) return [...points];
  const looked = points.filter((own) => pointOf(own).observed !== undefined);
  const kept = new Set([...thinned(points, most), ...thinned(looked, MOST_LOOKS)]);
  return points.filter((own) => kept.has(own));
}

/** @param most points that are drawn at most */
export function curveView(
  curve: readonly EvaluationPoint[],
  task: number,
  most: number = MOST_POINTS,
): CurveView {
  const mean: CurvePoint[] = [];
  const low: number[] = [];
  const high: number[] = [];
  for (const point of thinned(curve, most)) {
    const [own] = taskCurve([point], task);
    if (own === undefined) continue;
    const values = point.metrics.map((seed) => seed[task]).filter((value) => typeof value === 'number');
    mean.push(own);
    low.push(Math.min(...values));
    high.push(Math.max(...values));
  }
  return { mean, low, high };
}

/** Over seeds, and over folds where there are some. */
function testMean({ folds, ...own }: RunResult, side: 'multi' | 'independent', task: number): number | null {
  const parts = folds ?? [own];
  return meanOf(parts.map((part) => meanOf((part[side]?.test ?? []).map((seed) => seed[task] ?? null))));
}

// Hues that stay apart for readers who see fewer colours, then the golden angle.
const HUES = [255, 40, 160, 320, 90, 205, 0, 285];

/** The colour of the task at a place, in degrees. */
export function hueOf(index: number): number {
  return HUES[index] ?? Math.round((index * 137.508 + 20) % 360);
}
