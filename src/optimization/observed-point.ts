/** How the tasks' gradients of what they share met in the looks of an observer between two evaluations, in the first replica. */
export interface ObservedPoint {
  /** How many looks. */
  readonly looks: number;
  /** ‖gₜ‖ over all shared parameters, the mean over looks; null where the task had no gradient in any. */
  readonly norms: readonly (number | null)[];
  /** The share of pairs that point apart, gₜ·gᵤ < 0, of all pairs of all looks; null where no two tasks met. */
  readonly conflicts: number | null;
  /** Over all shared parameters. */
  readonly whole: PairCosines;
  /** The same in each layer, by its name; none where these are many numbers. */
  readonly layers: Readonly<Record<string, PairCosines>>;
}

/**
 * gₜ·gᵤ / (‖gₜ‖‖gᵤ‖) of two tasks, [t][u] with u < t, the mean over looks; null where the two never met. Empty for more than 20
 * tasks.
 */
export type PairCosines = readonly (readonly (number | null)[])[];
