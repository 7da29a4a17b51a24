import { appendFile } from 'node:fs/promises';
import type { EvaluationPoint, WatchedTable as Table } from '../../optimization/index.ts';

/** A task as those who watch a run want to know it. */
export interface WatchedTask {
  readonly name: string;
  readonly kind: string;
  /** By which it is judged on the validation rows, and what the best constant reaches there. */
  readonly metric: string;
  readonly higherIsBetter: boolean;
  readonly constant: number | null;
}

/** What is trained: one of the ways that a run compares, or one model of a sweep. */
export interface WatchedTraining {
  readonly sharing: string;
  readonly trial: number;
  readonly trials: number;
  /** Which rows, where a run trains on several choices of them. */
  readonly rows?: string;
  readonly maxEpochs: number;
  readonly stepsPerEpoch: number;
}

/** What the numbers are that points watch: told once, before the first point of a training. */
export type TableNames = Pick<Table, 'name' | 'kind' | 'rows' | 'columns'>;

/** A line of a run's journal: when it was told, in milliseconds since 1970, by which process, and what. */
export type JournalEntry = { readonly at: number; readonly process: number } & (
  | {
      readonly kind: 'begun';
      readonly tasks: readonly WatchedTask[];
      readonly seeds: readonly number[];
      readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
      readonly runtime: string;
    }
  | ({ readonly kind: 'tables'; readonly tables: readonly TableNames[] } & WatchedTraining)
  | ({ readonly kind: 'point'; readonly point: EvaluationPoint } & WatchedTraining)
  | ({ readonly kind: 'step'; readonly epoch: number; readonly step: number } & WatchedTraining)
  | {
      readonly kind: 'searching';
      readonly side: string;
      readonly stage: string;
      readonly candidate?: string;
      readonly leader?: string;
      readonly spent: number;
      readonly limit: { readonly unit: string; readonly total: number };
      readonly tried: number;
    }
  | { readonly kind: 'paused' | 'resumed' | 'ending' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped'; readonly error?: string }
);

export const JOURNAL = 'live.ndjson';

/** What an entry says, without who says it when. */
export type Told = JournalEntry extends infer Entry
  ? Entry extends unknown
    ? Omit<Entry, 'at' | 'process'>
    : never
  : never;

/**
 * What a run tells those who watch it, a line of JSON each: `live.ndjson`. It is told beside the work and never part of it: nothing
 * is read back from it, and a disk that is full silences it without stopping anything.
 */
export class Journal {
  readonly #path: string;
  #queue: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  note(told: Told): void {
    const line = `${JSON.stringify({ at: Date.now(), process: process.pid, ...told })}\n`;
    this.#queue = this.#queue.then(() => appendFile(this.#path, line)).catch(() => undefined);
  }

  /** Waits until all that was told is on the disk. */
  written(): Promise<void> {
    return this.#queue;
  }
}
