import type { LearningHooks } from '../train-kept.ts';

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
  readonly #pace: Pick<LearningHooks, 'ending' | 'waited'>;

  /**
   * @param before seconds that a run which was stopped had spent
   * @param steps of all trainings so far
   * @param pace seconds of waiting are not spent; a run that is to end has none left
   */
  constructor(
    limit: Limit,
    before: number,
    steps: () => number,
    pace: Pick<LearningHooks, 'ending' | 'waited'> = {},
  ) {
    this.limit = limit;
    this.#steps = steps;
    this.#pace = pace;
    this.#since = performance.now() - 1000 * before;
  }

  get spent(): number {
    const { ending, waited } = this.#pace;
    if (ending?.()) return this.limit.total;
    return this.limit.unit === 'steps'
      ? this.#steps()
      : (performance.now() - this.#since - (waited?.() ?? 0)) / 1000;
  }

  get left(): number {
    return Math.max(0, this.limit.total - this.spent);
  }
}
