import { join } from 'node:path';
import { JOURNAL, type JournalEntry } from '../experiment/live/journal.ts';
import { trainingKey } from '../experiment/live/training-key.ts';
import { thinnedCurve } from '../experiment/report/view.ts';
import { readJournal } from './journal-tail.ts';

/** What a page that watches a run is told. */
export type StreamEvent =
  /** Everything so far, with curves thinned: a page that connects anew forgets what it had. */
  | { readonly event: 'snapshot'; readonly entries: readonly JournalEntry[] }
  | { readonly event: 'entries'; readonly entries: readonly JournalEntry[] };

const EVERY = 400;
/** Points of a training that a page is told at first. */
const MOST_POINTS = 400;

/**
 * Follows a run's journal until told to stop: first all of it, then what is added. A journal that is begun anew, or that appears
 * only later, makes another snapshot.
 */
export async function* followRun(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, void, undefined> {
  const file = join(path, JOURNAL);
  let next = 0;
  let isFirst = true;
  while (!signal.aborted) {
    const read = await readJournal(file, next);
    if (read === undefined) [next, isFirst] = [0, true];
    else {
      next = read.next;
      if (isFirst || read.restarted) yield { event: 'snapshot', entries: shortened(read.entries) };
      else if (read.entries.length > 0) yield { event: 'entries', entries: read.entries };
      isFirst = false;
    }
    await pause(EVERY, signal);
  }
}

/** Entries without those that later ones make superfluous, and with as many points of each training as can be drawn. */
export function shortened(entries: readonly JournalEntry[]): JournalEntry[] {
  const points = new Map<string, Extract<JournalEntry, { kind: 'point' }>[]>();
  const rest: JournalEntry[] = [];
  entries.forEach((entry, i) => {
    if (entry.kind === 'point') {
      const key = trainingKey(entry);
      const own = points.get(key) ?? [];
      // A run that goes on from a checkpoint repeats what came after it.
      while (own.length > 0 && own.at(-1)!.point.step >= entry.point.step) own.pop();
      own.push(entry);
      points.set(key, own);
    } else if (i === entries.length - 1 || entry.kind !== 'step') rest.push(entry);
  });
  return [
    ...rest,
    ...[...points.values()].flatMap((own) => thinnedCurve(own, MOST_POINTS, ({ point }) => point)),
  ].sort((a, b) => a.at - b.at);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
