import { MeasuredAffinity } from './measured-affinity.ts';

/**
 * Look-ahead affinity: by which share a step of one task on the shared parameters lowers the loss of another on the same
 * batch, averaged over steps of training,
 *
 *   Z_{i→j} = (L_j(θ) − L_j(θ − η gᵢ)) / |L_j(θ)|,
 *
 * which is 1 − L_j(θ − η gᵢ) / L_j(θ) where losses are positive. Tasks without labels in a batch take no part in it.
 *
 * C. Fifty et al.: Efficiently identifying task groupings for multi-task learning. NeurIPS 2021.
 *
 * @example
 * const measured = new LookAheadAffinity(['a', 'b']);
 * measured.add(0, [1, 2], [0.5, 1]); // a step of a halves both losses
 * measured.affinity().benefit(1, 0); // 0.5
 */
export class LookAheadAffinity extends MeasuredAffinity {
  /**
   * One look ahead.
   *
   * @param source the task whose gradient was followed
   * @param before the losses of all tasks at θ, [T]; 0 or NaN where a task has no labels in the batch
   * @param after their losses on the same batch at θ − η gᵢ, [T]
   * @param rate what Z is divided by: 1 for Z itself, η where steps of unlike learning rates are to count alike
   */
  add(source: number, before: ArrayLike<number>, after: ArrayLike<number>, rate = 1): void {
    if (!isPresent(before[source]!)) return;
    this.tasks.forEach((_, to) => {
      const loss = before[to]!;
      if (isPresent(loss)) this.record(to, source, (loss - after[to]!) / Math.abs(loss) / rate);
    });
  }
}

/** Whether a task has labels in the batch, by its loss. */
export function isPresent(loss: number): boolean {
  return loss !== 0 && Number.isFinite(loss);
}
