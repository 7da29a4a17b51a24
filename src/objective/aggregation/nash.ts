import { integer, number } from '../../common/options.ts';
import { dot, lengthOf } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { balanced } from './balanced.ts';
import { aggregation } from './define.ts';

interface NashOptions {
  readonly clip: number;
  readonly every: number;
}

/** α of all tasks, null where not yet known. */
type NashState = readonly (number | null)[];

/**
 * Nash-MTL: the gradients bargain about the direction; the solution is Gα = 1/α, which is exactly indifferent to the
 * scale of each loss. As published, G is divided by its Frobenius norm first, which makes d longer by the root of that
 * norm, and d is shortened to at most `clip`. Preferences are bargaining powers, Gα = p/α.
 *
 * Solved by Newton's method on the convex ½αᵀGα − Σ ln αₜ rather than by a sequence of approximations.
 */
export const nash: Aggregation<NashOptions, NashState> = aggregation({
  name: 'nash',
  title: 'Nash bargaining (Nash-MTL)',
  about: 'The direction on which the tasks agree by bargaining; indifferent to the scale of each loss.',
  paper:
    'A. Navon, A. Shamsian, I. Achituve, H. Maron, K. Kawaguchi, G. Chechik, E. Fetaya: Multi-task learning as a bargaining game. ICML 2022.',
  needs: 'gramian',
  prefers: true,
  options: {
    clip: number({ default: 1, about: 'The greatest length of the direction; 0 for any.' }),
    every: integer({
      min: 1,
      default: 1,
      about: 'Steps for which the bargain is kept; the direction is shortened anew at each.',
    }),
  },
  init: (tasks) => new Array<number | null>(tasks).fill(null),
  weigh: (batch, state, { clip, every }) => {
    const { gramian, tasks, step } = batch;
    const stale = step % every === 0 || tasks.some((task) => state[task] === null);
    const alpha = stale ? balanced(batch, 1) : Float64Array.from(tasks, (task) => state[task]!);
    const stretch = dot(gramian, gramian) ** (1 / 4);
    const length = lengthOf(gramian, alpha);
    // From α itself where d is shortened, so that no rounding of the stretch tells the scale of losses.
    const scale = clip > 0 && length * stretch > clip ? clip / length : stretch;
    const kept = new Map(tasks.map((task, i) => [task, alpha[i]!]));
    return {
      weights: alpha.map((value) => value * scale),
      state: stale ? state.map((known, task) => kept.get(task) ?? known) : state,
    };
  },
});
