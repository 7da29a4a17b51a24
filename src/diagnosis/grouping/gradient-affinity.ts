import { isPresent } from './look-ahead.ts';
import { MeasuredAffinity } from './measured-affinity.ts';

/**
 * Look-ahead affinity to the first order, from gradients that a step has anyway:
 *
 *   Z_{i→j} ≈ η gᵢ·g_j / |L_j(θ)|,
 *
 * averaged over steps; exact where losses are linear along gᵢ. Tasks without labels in a batch take no part in it.
 *
 * C. Fifty et al.: Efficiently identifying task groupings for multi-task learning. NeurIPS 2021.
 */
export class FirstOrderAffinity extends MeasuredAffinity {
  /**
   * One step.
   *
   * @param gramian gᵢ·g_j on the shared parameters, [T, T] row-major
   * @param losses [T], 0 or NaN where a task has no labels in the batch
   * @param rate η; with 1, the default, the affinity is that of a unit of learning rate
   */
  add(gramian: ArrayLike<number>, losses: ArrayLike<number>, rate = 1): void {
    const size = this.tasks.length;
    for (let to = 0; to < size; to++)
      for (let from = 0; from < size; from++)
        if (isPresent(losses[to]!) && isPresent(losses[from]!))
          this.record(to, from, (rate * gramian[to * size + from]!) / Math.abs(losses[to]!));
  }
}

/**
 * The mean cosine of two tasks' gradients, gᵢ·g_j / (‖gᵢ‖ ‖g_j‖), over the steps in which neither was 0: how far they pull
 * the shared parameters the same way. It is the same in both directions, and knows nothing of the size of losses.
 */
export class CosineAffinity extends MeasuredAffinity {
  /**
   * One step.
   *
   * @param gramian gᵢ·g_j, [T, T] row-major; a matrix of cosines is that of unit gradients, null where there is none
   */
  add(gramian: ArrayLike<number | null>): void {
    const size = this.tasks.length;
    const at = (i: number, j: number): number => gramian[i * size + j] ?? Number.NaN;
    for (let to = 0; to < size; to++)
      for (let from = 0; from < size; from++)
        this.record(to, from, at(to, from) / Math.sqrt(at(to, to)) / Math.sqrt(at(from, from)));
  }
}
