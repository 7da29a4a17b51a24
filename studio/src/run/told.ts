import type { JournalEntry, TableNames, WatchedTask } from '../../../src/experiment/live/journal.ts';
import { trainingKey } from '../../../src/experiment/live/training-key.ts';
import { thinnedCurve } from '../../../src/experiment/report/view.ts';
import type { EvaluationPoint } from '../../../src/optimization/history.ts';

/** One of the trainings of a run, as far as it has come. */
export interface ToldTraining {
  readonly key: string;
  readonly sharing: string;
  readonly rows?: string | undefined;
  readonly trial: number;
  readonly trials: number;
  readonly maxEpochs: number;
  readonly curve: readonly EvaluationPoint[];
  /** What the numbers are that its points watch. */
  readonly tables?: readonly TableNames[] | undefined;
}

/** What a run has told so far. */
export interface Told {
  readonly tasks: readonly WatchedTask[];
  readonly runtime?: string;
  readonly seeds: readonly number[];
  readonly rows?: { readonly train: number; readonly validation: number; readonly test: number };
  readonly trainings: readonly ToldTraining[];
  /** Of a search, what is tried just now. */
  readonly searching?: Extract<JournalEntry, { kind: 'searching' }>;
}

export const NOTHING_TOLD: Told = { tasks: [], seeds: [], trainings: [] };

/** A curve that has grown to twice as many points is thinned: more cannot be drawn, and a run may go on for days. */
const MOST_POINTS = 400;

/** What is known after one entry more. A run that goes on from a checkpoint takes back what came after it. */
export function hear(told: Told, entry: JournalEntry): Told {
  if (entry.kind === 'begun') {
    const { tasks, seeds, runtime, rows } = entry;
    return { ...told, tasks, seeds, runtime, rows };
  }
  if (entry.kind === 'searching') return { ...told, searching: entry };
  if (entry.kind !== 'point' && entry.kind !== 'tables') return told;
  const { sharing, trial, trials, rows, maxEpochs } = entry;
  const key = trainingKey(entry);
  const before = told.trainings.find((training) => training.key === key);
  const curve = before?.curve ?? [];
  const now = {
    ...{ key, sharing, trial, trials, rows, maxEpochs },
    tables: entry.kind === 'tables' ? entry.tables : before?.tables,
    curve: entry.kind === 'tables' ? curve : grown(curve, entry.point),
  };
  return {
    ...told,
    trainings: before
      ? told.trainings.map((training) => (training === before ? now : training))
      : [...told.trainings, now],
  };
}

function grown(curve: readonly EvaluationPoint[], point: EvaluationPoint): readonly EvaluationPoint[] {
  const longer = [...curve.filter(({ step }) => step < point.step), point];
  return longer.length < 2 * MOST_POINTS ? longer : thinnedCurve(longer, MOST_POINTS, (own) => own);
}
