import { type Interval, taskCurve } from '../diagnosis/index.ts';
import { groundKey, groundOf, groundOfFront } from './compare/common-ground.ts';
import type { FrontResult } from './front/result.ts';
import { frontWords } from './report/front/words.ts';
import { taskViews, thinned } from './report/view.ts';
import type { RunResult } from './result.ts';

/** A task of a finished run, in a line. */
export interface SummaryTask {
  readonly name: string;
  readonly kind: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** Of the joint model and of a model of the task alone on the test rows, means over seeds; what a constant reaches. */
  readonly multi: number | null;
  readonly independent: number | null;
  readonly constant: number | null;
  /** Δ in per cent, with its interval. */
  readonly delta: Interval | null;
  /** The validation curve of the joint model, a few points. */
  readonly spark: readonly number[];
}

/** What a list of runs shows of one: `summary.json`. */
export interface RunSummary {
  readonly version: 2;
  readonly created: string;
  readonly source: string;
  readonly rows: RunResult['data']['rows'];
  /** Runs with the same may stand side by side; see `groundKey`. */
  readonly ground: string;
  readonly seeds: readonly number[];
  readonly sharing: string;
  readonly objective: string;
  /** Null of a front, which has many models. */
  readonly parameters: number | null;
  readonly seconds: number;
  readonly steps: number;
  readonly verdict: string | null;
  /** The first sentences of what the report says. */
  readonly words: readonly string[];
  /** Mean Δ over tasks in per cent, with its interval. */
  readonly delta: Interval | null;
  readonly tasks: readonly SummaryTask[];
  /** Tasks in all, where there are more than are listed. */
  readonly taskCount: number;
}

export const SUMMARY = 'summary.json';

/** A summary of another version is made anew from the result. */
export const SUMMARY_VERSION = 2;

const MOST_TASKS = 100;
const SPARK_POINTS = 24;
const MOST_WORDS = 3;

/** A finished run in a few thousand bytes, whatever the length of its curves. */
export function runSummary(result: RunResult): RunSummary {
  const { created, data, seeds, multi, diagnosis } = result;
  return {
    version: SUMMARY_VERSION,
    created,
    source: data.source,
    rows: data.rows,
    ground: groundKey(groundOf(result)),
    seeds,
    sharing: multi.sharing,
    objective: multi.objective,
    parameters: multi.parameters.total,
    seconds: multi.trainSeconds,
    steps: multi.steps,
    verdict: diagnosis?.verdict ?? null,
    words: (diagnosis?.words ?? result.search?.words ?? []).slice(0, MOST_WORDS),
    delta: diagnosis?.delta ?? null,
    tasks: taskViews(result)
      .slice(0, MOST_TASKS)
      .map(({ name, kind, facts, multi: own, independent, diagnosis: task, index }) => ({
        name,
        kind,
        metric: facts.metric,
        higherIsBetter: facts.higherIsBetter,
        multi: own,
        independent,
        constant: facts.constant,
        delta: task?.delta ?? null,
        spark: taskCurve(thinned(multi.curve, SPARK_POINTS), index).map(({ metric }) => metric),
      })),
    taskCount: result.tasks.length,
  };
}

/** A front in as many. */
export function frontSummary(front: FrontResult): RunSummary {
  const { created, data, seeds, points, tasks } = front;
  const [first] = frontWords(front);
  return {
    version: SUMMARY_VERSION,
    created,
    source: data.source,
    rows: data.rows,
    ground: groundKey(groundOfFront(front)),
    seeds,
    sharing: front.sharing,
    objective: front.objective,
    parameters: null,
    seconds: points.reduce((sum, { trainSeconds }) => sum + trainSeconds, 0),
    steps: points.reduce((sum, { steps }) => sum + steps, 0),
    verdict: null,
    words: [first!],
    delta: null,
    tasks: tasks.slice(0, MOST_TASKS).map(({ name, kind, test }) => ({
      name,
      kind,
      metric: test.metric,
      higherIsBetter: test.higherIsBetter,
      multi: null,
      independent: null,
      constant: test.constant,
      delta: null,
      spark: [],
    })),
    taskCount: tasks.length,
  };
}
