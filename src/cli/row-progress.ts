import type { Io } from './io.ts';
import { clock, LINES, REDRAW } from './progress.ts';

/** Tells how far rows have been dealt with: one live line on a terminal, else a line every few seconds. */
export class RowProgress {
  readonly #io: Io;
  #timer: NodeJS.Timeout | undefined;
  #began = performance.now();
  #shown = performance.now();
  #open = false;

  constructor(io: Io) {
    this.#io = io;
  }

  /** Rows are being read; nobody knows how many. */
  reading(): void {
    const every = this.#io.live ? 1000 : LINES;
    this.#timer = setInterval(() => this.#show(`reading rows  ${clock(this.#seconds)}`), every).unref();
  }

  /** The first of so many rows is about to be predicted. */
  begin(): void {
    clearInterval(this.#timer);
    this.#began = this.#shown = performance.now();
  }

  at(rows: number, total: number): void {
    const now = performance.now();
    if (now - this.#shown < (this.#io.live ? REDRAW : LINES)) return;
    this.#shown = now;
    const rate = rows / Math.max(this.#seconds, 1e-3);
    const left = clock((total - rows) / Math.max(rate, 1e-9));
    this.#show(`${rows} of ${total} rows  ${Math.round(rate)} rows/s  ${left} more`);
  }

  /** Leaves the live line, so that other words can follow. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#open) process.stderr.write('\r\u001b[2K');
    this.#open = false;
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  #show(line: string): void {
    if (!this.#io.live) {
      this.#io.note(line);
      return;
    }
    process.stderr.write(`\r\u001b[2K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
    this.#open = true;
  }
}
