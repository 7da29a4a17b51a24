import { integer, number } from '../../common/options.ts';
import { div, greater, log, mul, sub, where } from '../../engine/index.ts';
import { type ByTask, byTask, inOrder } from '../by-task.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { countOf, positive, softmaxOf } from './present.ts';

interface StchOptions {
  readonly mu: number;
  readonly epochs: number;
  readonly nadir: 'measured' | ByTask;
}

/**
 * Smooth Tchebycheff scalarisation, a smooth maximum: μ n ln Σ exp(uₜ/μ) over the n tasks that are present, with
 * uₜ = ln(Lₜ/nadirₜ), so that wₜ = n softmax(u/μ)ₜ / Lₜ. Before it Σ ln Lₜ for some epochs, the mean losses in the last
 * of which are the nadir.
 *
 * X. Lin, X. Zhang, Z. Yang, F. Liu, Z. Wang, Q. Zhang: Smooth Tchebycheff Scalarization for Multi-Objective
 * Optimization. ICML 2024.
 */
export const stchWeighting: LossWeighting<StchOptions> = {
  name: 'stch',
  title: 'Smooth Tchebycheff scalarisation',
  about: 'A smooth maximum of the losses, each in units of what it was after a few epochs.',
  paper:
    'X. Lin, X. Zhang, Z. Yang, F. Liu, Z. Wang, Q. Zhang: Smooth Tchebycheff Scalarization for Multi-Objective ' +
    'Optimization. ICML 2024.',
  options: {
    mu: number({ default: 1, min: 0.001, about: 'μ; towards 0 only the worst task counts.' }),
    epochs: integer({ default: 4, about: 'Epochs of Σ ln L before it, the last of which gives the nadir.' }),
    nadir: byTask('measured', { default: 'measured', about: 'Losses by task that count as alike.' }),
  },
  check: ({ nadir }, tasks) => void given(nadir, tasks),
  weigh: ({ losses, present, tasks, epochInput }, { mu }) => {
    const own = positive(losses);
    const u = sub(log(own), epochInput('log-nadir', tasks.length));
    const shares = mul(softmaxOf(mul(u, 1 / mu), present), countOf(present));
    return { weights: div(where(greater(epochInput('smooth', 1), 0), shares, 1), own) };
  },
  epochInputs: (history, { epochs, nadir }, tasks) => {
    const values = given(
      nadir,
      tasks.map(({ name }) => name),
    );
    const measured = history[epochs - 1];
    return {
      smooth: [Number(history.length >= epochs)],
      'log-nadir': values.map((value, t) => Math.log(value || measured?.[t] || 1)),
    };
  },
};

/** The nadirs that are given, 0 where it is measured. */
function given(nadir: StchOptions['nadir'], tasks: readonly string[]): number[] {
  return nadir === 'measured' ? tasks.map(() => 0) : inOrder(nadir, tasks, 0, 'objective.nadir');
}
