import { open } from 'node:fs/promises';
import type { JournalEntry } from '../experiment/live/journal.ts';

/** What was read of a journal, and up to where. */
export interface Read {
  readonly entries: readonly JournalEntry[];
  /** Where the next reading begins: behind the last whole line. */
  readonly next: number;
  /** Whether the file is shorter than it was: a journal that was begun anew. */
  readonly restarted: boolean;
}

/** No reading takes more than this at once. */
const MOST_BYTES = 8 << 20;

/**
 * Reads the lines that a journal has beyond a place. A line that is not whole yet is left for the next reading; one that is no
 * JSON, as a machine that lost power leaves behind, is passed over.
 *
 * @returns undefined where there is no journal
 */
export async function readJournal(path: string, from: number): Promise<Read | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const restarted = size < from;
    const start = restarted ? 0 : from;
    const buffer = Buffer.alloc(Math.min(size - start, MOST_BYTES));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    const lines = buffer.toString('utf8', 0, end).split('\n');
    return { entries: lines.flatMap(parse), next: start + end, restarted };
  } finally {
    await file.close();
  }
}

/** The last entries of a journal, without reading all of it. */
export async function lastEntries(path: string, bytes: number = 1 << 16): Promise<readonly JournalEntry[]> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - bytes);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    // What stands before the first line break belongs to a line that began earlier.
    return (start === 0 ? lines : lines.slice(1)).flatMap(parse);
  } finally {
    await file.close();
  }
}

function parse(line: string): JournalEntry[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as JournalEntry];
  } catch {
    return [];
  }
}
