import type { WatchedTraining } from './journal.ts';

/** Tells the trainings of a run apart. */
export function trainingKey({
  sharing,
  trial,
  rows = '',
}: Pick<WatchedTraining, 'sharing' | 'trial' | 'rows'>): string {
  return `${sharing}/${trial}/${rows}`;
}
