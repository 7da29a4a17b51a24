import type { Weighting } from '../weighting.ts';

/** Σ Lᵢ: every task counts the same. R. Caruana: Multitask Learning. Machine Learning 28, 1997. */
export function equal(): Weighting<number> {
  return {
    name: 'equal',
    needs: 'nothing',
    init: (tasks) => tasks.length,
    step: (_, tasks) => ({ weights: new Float64Array(tasks).fill(1), state: tasks }),
  };
}
