import { number } from '../../common/options.ts';
import type { Aggregation } from './aggregation.ts';
import { aggregation } from './define.ts';

interface GradnormOptions {
  readonly alpha: number;
  readonly lr: number;
}

/** Of all tasks. */
interface GradnormState {
  /** Their sum is T. */
  readonly weights: readonly number[];
  /** Each task's first loss, null before it had one. */
  readonly first: readonly (number | null)[];
  /** Adam's moments and steps of each weight. */
  readonly mean: readonly number[];
  readonly square: readonly number[];
  readonly steps: readonly number[];
}

/**
 * Gradient normalisation: weights are learned so that each task's gradient is as long as its training rate asks for.
 * With Gₜ = wₜ‖gₜ‖, Ḡ their mean and rates rₜ = (Lₜ/Lₜ(0)) / mean: a step of Adam on Σ |Gₜ − Ḡ rₜ^α| over w alone, Ḡ rₜ^α
 * held constant, after which w is scaled to a sum of T. The step's own direction takes the weights from before.
 *
 * Departs from the paper in that ‖gₜ‖ is that of all shared parameters rather than of the last shared layer, and in
 * that a weight stays above 0.
 */
export const gradnorm: Aggregation<GradnormOptions, GradnormState> = aggregation({
  name: 'gradnorm',
  title: 'Gradient normalisation (GradNorm)',
  about: 'Learns weights so that tasks which lag behind get longer gradients.',
  paper:
    'Z. Chen, V. Badrinarayanan, C.-Y. Lee, A. Rabinovich: GradNorm: gradient normalization for adaptive loss balancing in deep multitask networks. ICML 2018.',
  needs: 'gramian',
  options: {
    alpha: number({
      default: 1.5,
      about: 'How strongly tasks that lag behind are pulled along; 0 makes gradients equally long.',
    }),
    lr: number({ default: 0.025, about: 'Learning rate of the weights.' }),
  },
  init: (tasks) => {
    const zeros = new Array<number>(tasks).fill(0);
    return {
      weights: zeros.map(() => 1),
      first: zeros.map((): number | null => null),
      mean: zeros,
      square: zeros,
      steps: zeros,
    };
  },
  weigh: ({ gramian, losses, tasks, size }, state, { alpha, lr }) => {
    const used = Float64Array.from(tasks, (task) => state.weights[task]!);
    const next = {
      weights: [...state.weights],
      first: [...state.first],
      mean: [...state.mean],
      square: [...state.square],
      steps: [...state.steps],
    };
    tasks.forEach((task, i) => {
      next.first[task] ??= losses[i]!;
    });
    const lengths = used.map((_, i) => Math.sqrt(Math.max(0, gramian[i * size + i]!)));
    const mean = lengths.reduce((sum, length, i) => sum + used[i]! * length, 0) / size;
    const rates = ratesOf(
      losses,
      tasks.map((task) => next.first[task]!),
    );
    tasks.forEach((task, i) => {
      const slope = lengths[i]! * Math.sign(used[i]! * lengths[i]! - mean * rates[i]! ** alpha);
      const steps = (next.steps[task] = state.steps[task]! + 1);
      const first = (next.mean[task] = 0.9 * state.mean[task]! + 0.1 * slope);
      const second = (next.square[task] = 0.999 * state.square[task]! + 0.001 * slope * slope);
      const size = Math.sqrt(second / (1 - 0.999 ** steps));
      const step = size > 0 ? first / (1 - 0.9 ** steps) / size : 0;
      next.weights[task] = Math.max(LEAST, used[i]! - lr * step);
    });
    const scale = next.weights.length / next.weights.reduce((sum, weight) => sum + weight, 0);
    return { weights: used, state: { ...next, weights: next.weights.map((weight) => weight * scale) } };
  },
});

/** (Lₜ/Lₜ(0)) / mean; 1 where a loss is not positive and so has no rate. */
function ratesOf(losses: Float64Array, first: readonly number[]): Float64Array {
  const inverse = losses.map((loss, i) => (loss > 0 && first[i]! > 0 ? loss / first[i]! : Number.NaN));
  const known = inverse.filter((rate) => rate > 0);
  const mean = known.reduce((sum, rate) => sum + rate, 0) / known.length;
  return inverse.map((rate) => (rate > 0 ? rate / mean : 1));
}

const LEAST = 1e-3;
