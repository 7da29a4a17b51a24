import { choice } from '../../common/options.ts';
import type { Aggregation } from './aggregation.ts';
import { type Batch, stateless } from './define.ts';

interface PcgradOptions {
  readonly reduce: 'sum' | 'mean';
}

/**
 * Gradient surgery: pᵢ = gᵢ; for the other tasks j in random order, where pᵢ·gⱼ < 0: pᵢ −= (pᵢ·gⱼ)/‖gⱼ‖² gⱼ with the
 * original gⱼ; d = Σ pᵢ. Gradients are coefficients here, pᵢ = Σ cₖ gₖ, so that pᵢ·gⱼ = (Gc)ⱼ.
 */
export const pcgrad: Aggregation<PcgradOptions, null> = stateless({
  name: 'pcgrad',
  title: 'Gradient surgery (PCGrad)',
  about:
    'Projects each gradient off the gradients that it conflicts with, one after the other in random order.',
  paper:
    'T. Yu, S. Kumar, A. Gupta, S. Levine, K. Hausman, C. Finn: Gradient surgery for multi-task learning. NeurIPS 2020.',
  needs: 'gramian',
  options: {
    reduce: choice(['sum', 'mean'], {
      default: 'sum',
      about: 'How the projected gradients are put together.',
    }),
  },
  weigh: (batch, { reduce }) => {
    const { gramian, size } = batch;
    const weights = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const along = gramian.slice(i * size, (i + 1) * size);
      weights[i]! += 1;
      for (const j of othersInOrder(batch, i)) {
        const square = gramian[j * size + j]!;
        if (!(along[j]! < 0 && square > 0)) continue;
        const off = -along[j]! / square;
        weights[j]! += off;
        for (let k = 0; k < size; k++) along[k]! += off * gramian[j * size + k]!;
      }
    }
    return reduce === 'sum' ? weights : weights.map((value) => value / size);
  },
});

/** The other tasks in an order of their own for each task and step. */
export function othersInOrder({ random, step, tasks }: Batch, i: number): number[] {
  // An order over all tasks, so that a task's place does not depend on which others are absent.
  const total = tasks.at(-1)! + 1;
  const others: number[] = [];
  for (const task of random.permutation(total, step * total + tasks[i]!)) {
    const j = tasks.indexOf(task);
    if (j >= 0 && j !== i) others.push(j);
  }
  return others;
}
