import { PolytaskError } from '../../common/error.ts';

export interface ChunkOptions {
  /** Milliseconds that a chunk should take: long enough to hide what a run costs, short enough to cancel. */
  readonly target?: number;
  /** Steps of the first chunk, which measures. */
  readonly first?: number;
  /** Least steps in a chunk where as many are left: for what a chunk costs whatever its steps. */
  readonly least?: number;
  /** Most steps in a chunk: bounds the memory of per-step inputs and outputs. */
  readonly most?: number;
}

/** The most that one chunk may differ from the last: the first ones measure a cold machine. */
const LEAP = 8;

/**
 * How many steps to take at once, from the measured time of those before. It decides when results arrive, never
 * what they are.
 *
 * @example
 * const sizer = new ChunkSizer();
 * const steps = sizer.next(remaining); // … take them …
 * sizer.record(steps, milliseconds);
 */
export class ChunkSizer {
  readonly #target: number;
  readonly #least: number;
  readonly #most: number;
  #size: number;
  #perStep: number | undefined;

  constructor(options: ChunkOptions = {}) {
    this.#target = options.target ?? 150;
    this.#most = Math.max(1, options.most ?? 100_000);
    this.#least = Math.min(Math.max(1, options.least ?? 1), this.#most);
    this.#size = Math.min(Math.max(options.first ?? 4, this.#least), this.#most);
  }

  /** Measured milliseconds per step, once there was a chunk. */
  get perStep(): number | undefined {
    return this.#perStep;
  }

  next(remaining: number): number {
    return Math.min(this.#size, remaining);
  }

  record(steps: number, milliseconds: number): void {
    if (steps === 0) return;
    this.#perStep = milliseconds / steps;
    // A chunk cut short by the end that was quick says nothing about a full one.
    if (steps < this.#size && milliseconds < this.#target) return;
    const change = Math.min(LEAP, Math.max(1 / LEAP, this.#target / Math.max(milliseconds, 1e-3)));
    this.#size = Math.min(Math.max(this.#least, Math.round(steps * change)), this.#most);
  }
}

export interface ChunkRun {
  /** The first step, and the step before which to stop. */
  readonly from: number;
  readonly to: number;
  /** Kept by the caller from one call to the next, so that it measures only once. */
  readonly sizer: ChunkSizer;
  readonly signal?: AbortSignal | undefined;
  /** Takes the steps from `start` on; finishes before the next chunk starts. */
  advance(start: number, steps: number): Promise<void>;
}

/** Runs steps in chunks; between two chunks the event loop turns and the signal is heeded. */
export async function runChunks({ from, to, sizer, signal, advance }: ChunkRun): Promise<void> {
  for (let at = from; at < to; ) {
    throwIfCancelled(signal, `step ${at}`);
    const steps = sizer.next(to - at);
    const start = performance.now();
    await advance(at, steps);
    sizer.record(steps, performance.now() - start);
    at += steps;
    // A runtime in this thread resolves without a turn of the event loop, and no Ctrl-C would ever be seen.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  throwIfCancelled(signal, `step ${to}`);
}

/** Throws `cancelled` once the signal says so. */
export function throwIfCancelled(signal: AbortSignal | undefined, path: string): void {
  if (signal?.aborted !== true) return;
  throw new PolytaskError('cancelled', {
    path,
    expected: 'to go on',
    found: signal.reason instanceof Error ? signal.reason.message : String(signal.reason),
    help: 'What was saved before is intact; resume from it.',
    cause: signal.reason,
  });
}
