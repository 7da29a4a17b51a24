import { score, signed, truncate, whole } from '../../../src/experiment/report/format.ts';
import type { ComparedFits } from '../../../src/studio/compared-runs.ts';
import type { ComparedRuns } from '../api.ts';
import type { StandingRun } from './standing.ts';

/** One of the parallel axes. */
export interface Axis {
  readonly key: string;
  readonly name: string;
  readonly detail?: string;
  /** Place of the task whose metric it has. */
  readonly task?: number;
  /** What a run has there. */
  value(run: StandingRun): number | string | undefined;
  /** Where it stands, 0 to 1; undefined where it has no value. */
  at(run: StandingRun): number | undefined;
  readonly marks: readonly { readonly at: number; readonly text: string }[];
}

/** Settings of the most that have an axis, and tasks. */
const MOST_SETTINGS = 6;
const MOST_TASKS = 8;
/** Names of the most that stand below an axis of names. */
const MOST_NAMES = 6;

/** Settings in which runs differ, what each task reached on the test rows, parameters, and what is gained. */
export function axesOf(
  runs: readonly StandingRun[],
  { comparison }: ComparedFits,
  tasks: ComparedRuns['tasks'],
): Axis[] {
  const settings = comparison.settings
    .slice(0, MOST_SETTINGS)
    .map((path) => settingAxis(path, runs, ({ run }) => run.settings[path]));
  const metrics = tasks.slice(0, MOST_TASKS).map(({ name, metric, higherIsBetter }, t) => ({
    ...numberAxis(`task ${t}`, name, runs, ({ run }) => run.tasks[t]?.score?.mean, score, !higherIsBetter),
    task: t,
    detail: metric,
  }));
  return [
    ...settings,
    ...metrics,
    numberAxis('parameters', 'Parameters', runs, ({ run }) => run.parameters, whole),
    numberAxis('delta', 'Mean Δ, %', runs, ({ delta }) => delta?.mean, signed),
  ];
}

type Of = (run: StandingRun) => unknown;

/** Of numbers, or of names that stand evenly apart. */
function settingAxis(path: string, runs: readonly StandingRun[], of: Of): Axis {
  const values = runs.map(of).filter((value) => value !== null && value !== undefined);
  const name = path.split('.').at(-1)!;
  if (values.every((value) => typeof value === 'number'))
    return numberAxis(path, name, runs, of, (value) => Number(value.toPrecision(3)).toString());
  const names = [...new Set(values.map(textOf))].sort();
  const place = (text: string): number =>
    names.length === 1 ? 0.5 : names.indexOf(text) / (names.length - 1);
  const told = names.length <= MOST_NAMES ? names : [names[0]!, names.at(-1)!];
  return {
    key: path,
    name,
    value: (run) => textOf(of(run)),
    at: (run) => {
      const value = of(run);
      return value === null || value === undefined ? undefined : place(textOf(value));
    },
    marks: told.map((text) => ({ at: place(text), text: truncate(text, 16) })),
  };
}

/** @param falling whether less is better, which stands on the right */
function numberAxis(
  key: string,
  name: string,
  runs: readonly StandingRun[],
  of: Of,
  say: (value: number) => string,
  falling: boolean = false,
): Axis {
  const known = runs.map(of).filter((value): value is number => Number.isFinite(value));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  // Sizes that differ by factors stand apart by their logarithms.
  const by = low > 0 && high / low > 20 ? Math.log : (value: number) => value;
  const [left, right] = falling ? [high, low] : [low, high];
  const range = by(right) - by(left);
  return {
    key,
    name,
    value: (run) => of(run) as number | undefined,
    at: (run) => {
      const value = of(run);
      if (!Number.isFinite(value)) return undefined;
      return range === 0 ? 0.5 : (by(value as number) - by(left)) / range;
    },
    marks:
      known.length === 0
        ? []
        : range === 0
          ? [{ at: 0.5, text: say(low) }]
          : [
              { at: 0, text: say(left) },
              { at: 1, text: say(right) },
            ],
  };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ') || 'none';
  return value === null || value === undefined ? '' : String(value);
}
