import { join } from 'node:path';
import { JOURNAL, type JournalEntry } from '../experiment/live/journal.ts';
import type { FoundRun } from './find-runs.ts';
import { lastEntries } from './journal-tail.ts';

/** How a run stands: `interrupted` is one whose process is gone without having said so. */
export type RunState = 'running' | 'paused' | 'finished' | 'stopped' | 'failed' | 'interrupted';

/** How a run stands, and how far it came where it is not finished. */
export interface Standing {
  readonly state: RunState;
  readonly epoch?: number;
  readonly maxEpochs?: number;
  /** Of a search: seconds or steps that are spent, and of how many. */
  readonly spent?: number;
  readonly limit?: number;
  /** Why it failed. */
  readonly error?: string;
}

/** Tells how a run stands from its files and its process. */
export async function standingOf({ path, changed }: FoundRun): Promise<Standing> {
  if (changed.result > 0) return { state: 'finished' };
  const entries = await lastEntries(join(path, JOURNAL));
  const last = entries.at(-1);
  const progress = progressOf(entries);
  if (last === undefined) return { state: 'interrupted' };
  if (last.kind === 'stopped')
    return {
      state: last.error === undefined ? 'stopped' : 'failed',
      ...progress,
      ...(last.error && { error: last.error }),
    };
  if (!isAlive(last.process)) return { state: 'interrupted', ...progress };
  // A run that is paused tells nothing more until it goes on.
  return { state: last.kind === 'paused' ? 'paused' : 'running', ...progress };
}

function progressOf(entries: readonly JournalEntry[]): Omit<Standing, 'state'> {
  const searching = entries.findLast((entry) => entry.kind === 'searching');
  if (searching?.kind === 'searching') return { spent: searching.spent, limit: searching.limit.total };
  const training = entries.findLast(({ kind }) => kind === 'point' || kind === 'step');
  if (training?.kind === 'step') return { epoch: training.epoch, maxEpochs: training.maxEpochs };
  if (training?.kind === 'point') return { epoch: training.point.epoch, maxEpochs: training.maxEpochs };
  return {};
}

/** Whether a process of this machine still runs. */
function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
