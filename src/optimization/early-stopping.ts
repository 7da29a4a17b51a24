/**
 * The best state of each unit seen so far. A unit is what stops on its own: a replica (one model for all tasks), or
 * one task of one replica (independent networks, or a checkpoint for each task).
 */
export interface BestState {
  /** The best score of each unit, higher is better. */
  readonly scores: number[];
  /** The evaluation at which it was reached, counted from 0. */
  readonly evaluations: number[];
  /** What the units keep of θ, where their ranges say. */
  readonly theta: Float32Array;
}

/** A stretch [start, end) of θ that a unit keeps, and where it stands in the best state. */
export interface KeptRange {
  readonly start: number;
  readonly end: number;
  readonly to: number;
}

/** What each unit keeps of θ. */
export type UnitRanges = readonly (readonly KeptRange[])[];

/**
 * Keeps the best state of every unit, and tells when all have waited longer than the patience.
 *
 * Ties keep the earlier state. A unit whose patience is over keeps what it has while others go on, so that it ends
 * as it would have alone.
 */
export class BestTracker {
  readonly #ranges: UnitRanges;
  readonly #patience: number;
  readonly #state: BestState;

  /** @param theta where a unit that is never judged stays */
  constructor(ranges: UnitRanges, patience: number, theta: Float32Array, state?: BestState) {
    this.#ranges = ranges;
    this.#patience = patience;
    this.#state = state === undefined ? initialState(ranges, theta) : copyOf(state);
  }

  /** A copy: what was handed out does not change with later evaluations. */
  get state(): BestState {
    return copyOf(this.#state);
  }

  /** Takes the scores of one evaluation; a unit that improved keeps its part of θ. */
  observe(evaluation: number, scores: readonly number[], theta: Float32Array): void {
    const { scores: best, evaluations, theta: kept } = this.#state;
    scores.forEach((score, unit) => {
      if (this.#done(unit, evaluation - 1) || !(score > best[unit]!)) return;
      best[unit] = score;
      evaluations[unit] = evaluation;
      keep(kept, this.#ranges[unit]!, theta);
    });
  }

  /** True when no unit improved within the patience. */
  exhausted(evaluation: number): boolean {
    return this.#ranges.every((_, unit) => this.#done(unit, evaluation));
  }

  #done(unit: number, evaluation: number): boolean {
    return evaluation - this.#state.evaluations[unit]! >= this.#patience;
  }
}

function keep(kept: Float32Array, ranges: readonly KeptRange[], theta: Float32Array): void {
  for (const { start, end, to } of ranges) kept.set(theta.subarray(start, end), to);
}

function initialState(ranges: UnitRanges, theta: Float32Array): BestState {
  const size = ranges.flat().reduce((most, { start, end, to }) => Math.max(most, to + end - start), 0);
  const kept = new Float32Array(size);
  for (const own of ranges) keep(kept, own, theta);
  return {
    scores: ranges.map(() => Number.NEGATIVE_INFINITY),
    evaluations: ranges.map(() => 0),
    theta: kept,
  };
}

function copyOf({ scores, evaluations, theta }: BestState): BestState {
  return { scores: [...scores], evaluations: [...evaluations], theta: theta.slice() };
}
