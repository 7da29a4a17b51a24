import { number } from '../../common/options.ts';
import {
  add,
  div,
  greater,
  log,
  maximum,
  mul,
  reduceSum,
  sqrt,
  square,
  sub,
  type Tensor,
  where,
} from '../../engine/index.ts';
import type { LossWeighting, WeightingContext } from '../loss-weighting.ts';
import { softmaxOf } from './present.ts';

interface FamoOptions {
  readonly gamma: number;
  readonly rate: number;
}

/** Keeps logarithms of losses finite, as in the paper. */
const EPSILON = 1e-8;

/**
 * Fast adaptive multitask optimisation: descends Σ zₜ ln Lₜ / c with z = softmax(ξ) over the tasks that are present and
 * c = Σ zₜ/Lₜ, so that wₜ = (zₜ/Lₜ)/c. After the step, with δₜ = ln Lₜ − ln L′ₜ of the *same* batch, Adam moves ξ by
 * J_softmaxᵀ δ + γξ: tasks that got better less gain weight.
 *
 * B. Liu, Y. Feng, P. Stone, Q. Liu: FAMO: Fast Adaptive Multitask Optimization. NeurIPS 2023.
 */
export const famoWeighting: LossWeighting<FamoOptions> = {
  name: 'famo',
  title: 'Fast adaptive multitask optimisation',
  about: 'Weighs more what got better less in the last step, so that all improve at one rate.',
  paper: 'B. Liu, Y. Feng, P. Stone, Q. Liu: FAMO: Fast Adaptive Multitask Optimization. NeurIPS 2023.',
  options: {
    gamma: number({ default: 0.001, about: 'γ, how strongly the logits are drawn back to 0.' }),
    rate: number({ default: 0.025, about: 'Learning rate of the logits.' }),
  },
  weigh: (context, { gamma, rate }) => {
    const { losses, present, tasks } = context;
    const logits = context.state('logits', new Array<number>(tasks.length).fill(0));
    const z = softmaxOf(logits, present);
    const shares = div(z, lifted(losses));
    context.lossesAfter((after) => {
      const gain = mul(z, sub(log(lifted(losses)), log(lifted(after))));
      const slope = sub(gain, mul(z, reduceSum(gain, -1, { keepDims: true })));
      const step = adam(context, add(slope, mul(logits, gamma)));
      context.next('logits', keep(present, sub(logits, mul(step, rate)), logits));
    });
    // No task present: nothing to share out.
    const total = maximum(reduceSum(shares, -1, { keepDims: true }), 1e-30);
    return { weights: div(shares, total) };
  },
};

const lifted = (losses: Tensor): Tensor => add(maximum(losses, 0), EPSILON);

const keep = (present: Tensor, next: Tensor, old: Tensor): Tensor => where(greater(present, 0), next, old);

/**
 * m̂ / (√v̂ + ε) for each task, over the steps in which it was present. Sums of powers of β stand in for the bias
 * corrections 1 − βᵏ, which in single precision would lose digits: M = βM + g and N = βN + 1 have m̂ = M/N.
 */
function adam({ state, next, present, tasks }: WeightingContext, gradient: Tensor): Tensor {
  const mean = (name: string, beta: number, value: Tensor | number): Tensor => {
    const sum = state(name, new Array<number>(tasks.length).fill(0));
    const moved = add(mul(sum, beta), value);
    next(name, keep(present, moved, sum));
    return moved;
  };
  const first = div(mean('first', 0.9, gradient), mean('first/count', 0.9, 1));
  const second = div(mean('second', 0.999, square(gradient)), mean('second/count', 0.999, 1));
  return div(first, add(sqrt(second), 1e-8));
}
