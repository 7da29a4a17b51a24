import type { TensorData } from '../engine/index.ts';
import type { ObservedPoint } from './observed-point.ts';

/** What stands still for a look: θ between two steps, and what the next one is going to be fed. */
export interface Moment {
  /** The step about to be taken, counted from 0 over the whole training. */
  readonly step: number;
  /** All replicas, [seeds, n]. */
  readonly theta: Float32Array;
  /** Per-step inputs [steps, …] of the steps to come, the next one first: rows, dropout keys, … */
  readonly feeds: Readonly<Record<string, TensorData>>;
}

/**
 * Looks at a training every so many steps, and changes no bit of it: where it looks a chunk of steps ends, and where chunks
 * end is nothing to the steps. What it has seen is plain JSON, travels with the checkpoints, and goes on from there.
 */
export interface Observer {
  /** The first step from this one on before which it looks. */
  next(step: number): number;
  look(moment: Moment): Promise<void>;
  /** What it has seen since this was last asked, for a point of the curves; undefined where it has not looked. */
  told(): ObservedPoint | undefined;
  /** All that it has seen, as plain JSON; asked where nothing is left to be told. */
  read(): unknown;
  /** Goes on from what `read` gave; undefined where nothing was seen yet. */
  write(seen: unknown): void;
}

/** Some steps in a row. */
export interface Stretch {
  readonly start: number;
  readonly steps: number;
  /** Whether there is a look before the first of them. */
  readonly looks: boolean;
}

/**
 * Some steps cut where an observer looks.
 *
 * @param observer absent where nobody looks
 * @example stretches(8, 6, observer); // one that looks every 10 steps: 8 and 9; a look; 10 to 13
 */
export function stretches(
  start: number,
  steps: number,
  observer: Pick<Observer, 'next'> | undefined,
): Stretch[] {
  if (observer === undefined) return [{ start, steps, looks: false }];
  const end = start + steps;
  const cut: Stretch[] = [];
  for (let at = start; at < end; ) {
    const to = Math.min(end, observer.next(at + 1));
    cut.push({ start: at, steps: to - at, looks: observer.next(at) === at });
    at = to;
  }
  return cut;
}
