/**
 * The best state of each unit seen so far. A unit is what may stop on its own: a replica (one model for all tasks), or
 * one task of one replica (independent networks, or a checkpoint for each task).
 */
export interface BestState {
  /** The best score of each unit, higher is better. */
  readonly scores: number[];
  /** The evaluation at which it was reached, counted from 0. */
  readonly evaluations: number[];
  /** For each unit, the elements of θ that it keeps. */
  readonly theta: Float32Array;
}

/** Which elements of θ belong to which unit: `units[u]` lists ranges [start, end). */
export type UnitRanges = readonly (readonly (readonly [number, number])[])[];

/**
 * Keeps the best state of every unit, and tells when all have waited longer than the patience.
 * Ties keep the earlier state.
 */
export class BestTracker {
  readonly #ranges: UnitRanges;
  readonly #patience: number;
  state: BestState;

  constructor(ranges: UnitRanges, patience: number, theta: Float32Array, state?: BestState) {
    this.#ranges = ranges;
    this.#patience = patience;
    this.state = state ?? {
      scores: ranges.map(() => Number.NEGATIVE_INFINITY),
      evaluations: ranges.map(() => 0),
      theta: theta.slice(),
    };
  }

  /** Takes the scores of one evaluation; a unit that improved keeps its part of θ. */
  observe(evaluation: number, scores: readonly number[], theta: Float32Array): void {
    scores.forEach((score, unit) => {
      if (!(score > this.state.scores[unit]!)) return;
      this.state.scores[unit] = score;
      this.state.evaluations[unit] = evaluation;
      for (const [start, end] of this.#ranges[unit]!)
        this.state.theta.set(theta.subarray(start, end), start);
    });
  }

  /** True when no unit improved within the patience. */
  exhausted(evaluation: number): boolean {
    return this.state.evaluations.every((best) => evaluation - best >= this.#patience);
  }
}
