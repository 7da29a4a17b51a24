/** What a search may use up: seconds, or steps of training, by which the same seed makes the same choices. */
export interface Limit {
  readonly unit: 'seconds' | 'steps';
  readonly total: number;
}

/** How much of a limit is gone: seconds pass by themselves, steps are those of all trainings so far. */
export class Budget {
  readonly limit: Limit;
  readonly #steps: () => number;
  readonly #since: number;

  /**
   * @param before seconds that a run which was stopped had spent
   * @param steps of all trainings so far
   */
  constructor(limit: Limit, before: number, steps: () => number) {
    this.limit = limit;
    this.#steps = steps;
    this.#since = performance.now() - 1000 * before;
  }

  get spent(): number {
    return this.limit.unit === 'steps' ? this.#steps() : (performance.now() - this.#since) / 1000;
  }

  get left(): number {
    return Math.max(0, this.limit.total - this.spent);
  }
}
