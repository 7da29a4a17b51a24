import { integer, number } from '../../common/options.ts';
import { add, div, greater, log, mul, sub, where } from '../../engine/index.ts';
import { type ByTask, byTask, inOrder } from '../by-task.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { type Preferring, preferenceOption, preferences, presentPreference } from './preference.ts';
import { countOf, positive, softmaxOf } from './present.ts';

interface StchOptions extends Preferring {
  readonly mu: number;
  readonly epochs: number;
  readonly nadir: 'measured' | ByTask;
}

/**
 * Smooth Tchebycheff scalarisation, a smooth maximum: μ n ln Σ exp(uₜ/μ) over the n tasks that are present, with
 * uₜ = ln(rₜLₜ/nadirₜ) and preference r, so that wₜ = n softmax(u/μ)ₜ / Lₜ. Before it Σ ln Lₜ for some epochs, the mean
 * losses in the last of which are the nadir.
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
    preference: preferenceOption,
  },
  prefers: { option: 'preference', as: 'importance' },
  check: (options, tasks) => {
    given(options.nadir, tasks);
    preferences(options, tasks);
  },
  weigh: (context, options) => {
    const { losses, present, tasks, epochInput } = context;
    const own = positive(losses);
    const preferred = presentPreference(context, options);
    const u = sub(add(log(own), log(positive(preferred))), epochInput('log-nadir', tasks.length));
    const wanted = where(greater(preferred, 0), present, 0);
    const shares = mul(softmaxOf(mul(u, 1 / options.mu), wanted), countOf(present));
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
