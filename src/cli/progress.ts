import { preferenceLabel } from '../experiment/front/label.ts';
import type { FitEvent, FrontEvent, Prepared } from '../experiment/index.ts';
import type { Io } from './io.ts';

export type ProgressEvent = FitEvent | FrontEvent;
type Training = Extract<ProgressEvent, { phase: 'training' }>;
type Searching = Extract<ProgressEvent, { phase: 'searching' }>;

/** Milliseconds between lines where there is no terminal, and between redraws where there is one. */
export const LINES = 5000;
export const REDRAW = 120;

/** Tells how training goes: one live line on a terminal, else a line every few seconds and one a finished model. */
export class Progress {
  readonly #io: Io;
  readonly #timeLimit: number | undefined;
  #prepared: Prepared | undefined;
  #last: Training | undefined;
  #shown = 0;
  #began = { step: 0, at: 0 };
  #metrics = '';
  #live = false;

  constructor(io: Io, timeLimit?: number) {
    this.#io = io;
    this.#timeLimit = timeLimit;
  }

  handle(event: ProgressEvent): void {
    if (event.phase === 'prepared') this.#begin(event);
    else if (event.phase === 'training') this.#train(event);
    else if (event.phase === 'searching') this.#search(event);
    else this.end();
  }

  /** Leaves the live line, so that other words can follow. */
  end(): void {
    if (this.#last !== undefined) this.#show(this.#last, true);
    this.#last = undefined;
  }

  #begin({ prepared, runtime, run }: Extract<ProgressEvent, { phase: 'prepared' }>): void {
    this.#prepared = prepared;
    const { train, validation, test } = prepared.split;
    const inputs = prepared.plans.filter(({ role }) => role === 'input').length;
    this.#io.note(
      `${shorten(prepared.source)}: ${train.length} + ${validation.length} + ${test.length} rows ` +
        `(train, validation, test), ${inputs} inputs, ${prepared.dataset.tasks.length} tasks`,
    );
    for (const { message, help } of prepared.warnings) this.#io.note(`warning: ${message}\n  help: ${help}`);
    this.#io.note(`runtime ${runtime}; run folder ${run}`);
  }

  #train(event: Training): void {
    const now = performance.now();
    if (this.#last?.trial !== event.trial || this.#last.rows !== event.rows) {
      this.end();
      this.#metrics = '';
      this.#began = { step: event.progress.step, at: now };
      this.#shown = now;
    }
    this.#last = event;
    if (event.progress.point !== undefined) this.#metrics = this.#describe(event.progress.point.metrics);
    if (now - this.#shown < (this.#io.live ? REDRAW : LINES)) return;
    this.#shown = now;
    this.#show(event, false);
  }

  #search(event: Searching): void {
    const now = performance.now();
    if (now - this.#shown < (this.#io.live ? REDRAW : LINES)) return;
    this.#shown = now;
    this.#print(searchLine(event), false);
  }

  #show(event: Training, finished: boolean): void {
    this.#print(this.#line(event, finished), finished);
  }

  #print(line: string, finished: boolean): void {
    if (this.#io.quiet) return;
    if (!this.#io.live) {
      this.#io.alert(line);
      return;
    }
    const width = (process.stderr.columns || 80) - 1;
    process.stderr.write(`\r\u001b[2K${line.slice(0, width)}${finished ? '\n' : ''}`);
    this.#live = !finished;
  }

  /** Whether a live line is waiting for its end. */
  get open(): boolean {
    return this.#live;
  }

  #line({ sharing, preference, rows = '', trial, trials, progress }: Training, finished: boolean): string {
    const { epoch, maxEpochs, step, stepsPerEpoch } = progress;
    const seconds = (performance.now() - this.#began.at) / 1000;
    const rate = (step - this.#began.step) / Math.max(seconds, 1e-3);
    const left = Math.max(0, maxEpochs * stepsPerEpoch - step) / Math.max(rate, 1e-9);
    const limit = this.#timeLimit === undefined ? Infinity : this.#timeLimit / trials - seconds;
    // Training stops early where nothing improves, so this is the longest that it can take.
    const time = finished ? clock(seconds) : `at most ${clock(Math.max(0, Math.min(left, limit)))} more`;
    return [
      rows,
      `[${trial}/${trials}] ${sharing}`,
      preference === undefined ? '' : preferenceLabel(preference),
      `epoch ${epoch}/${maxEpochs}`,
      `${Math.round(rate)} steps/s`,
      time,
      this.#metrics,
    ]
      .filter((part) => part !== '')
      .join('  ');
  }

  /** The mean over seeds of each task's validation metric, for the first few tasks. */
  #describe(metrics: readonly (readonly (number | null)[])[]): string {
    const tasks = this.#prepared?.dataset.tasks ?? [];
    const means = tasks.slice(0, MOST_TASKS).map(({ name }, t) => {
      const values = metrics.map((seed) => seed[t]).filter((value) => typeof value === 'number');
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return `${name} ${values.length === 0 ? '–' : mean.toPrecision(3)}`;
    });
    return `validation ${means.join(', ')}${tasks.length > MOST_TASKS ? ', …' : ''}`;
  }
}

const MOST_TASKS = 4;

/** Where a search is: the side, its stage, who is trained, who leads, and how much is spent. */
function searchLine({ side, stage, index, of, candidate, leader, tried, spent, limit }: Searching): string {
  const whole = (amount: number): string => Math.round(amount).toString();
  return [
    `[${side} ${index + 1}/${of}] ${stage}`,
    candidate === undefined ? '' : shorten(candidate),
    leader === undefined ? '' : `leads: ${shorten(leader)}`,
    `${tried} tried`,
    `${whole(spent)} of ${whole(limit.total)} ${limit.unit === 'seconds' ? 's' : 'steps'}`,
  ]
    .filter((part) => part !== '')
    .join('  ');
}

/** A path as it is, a query by its beginning. */
function shorten(source: string): string {
  const line = source.replaceAll(/\s+/g, ' ');
  return line.length <= LONGEST_SOURCE ? line : `${line.slice(0, LONGEST_SOURCE - 1)}…`;
}

const LONGEST_SOURCE = 60;

export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes === 0) return `${whole} s`;
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
