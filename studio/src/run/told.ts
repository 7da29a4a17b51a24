import type { JournalEntry, WatchedTask } from '../../../src/experiment/live/journal.ts';
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
}

/** What a run has told so far. */
export interface Told {
  readonly tasks: readonly WatchedTask[];
  readonly runtime?: string;
  readonly rows?: { readonly train: number; readonly validation: number; readonly test: number };
  readonly trainings: readonly ToldTraining[];
  /** Of a search, what is tried just now. */
  readonly searching?: Extract<JournalEntry, { kind: 'searching' }>;
}

export const NOTHING_TOLD: Told = { tasks: [], trainings: [] };

/** What is known after one entry more. A run that goes on from a checkpoint takes back what came after it. */
export function hear(told: Told, entry: JournalEntry): Told {
  if (entry.kind === 'begun') {
    const { tasks, runtime, rows } = entry;
    return { ...told, tasks, runtime, rows };
  }
  if (entry.kind === 'searching') return { ...told, searching: entry };
  if (entry.kind !== 'point') return told;
  const { sharing, trial, trials, rows, maxEpochs, point } = entry;
  const key = `${sharing}/${trial}/${rows ?? ''}`;
  const before = told.trainings.find((training) => training.key === key);
  const curve = [...(before?.curve ?? []).filter(({ step }) => step < point.step), point];
  const now = { key, sharing, trial, trials, rows, maxEpochs, curve };
  return {
    ...told,
    trainings: before
      ? told.trainings.map((training) => (training === before ? now : training))
      : [...told.trainings, now],
  };
}
