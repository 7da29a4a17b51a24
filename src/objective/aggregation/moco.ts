import { choice, flag, number } from '../../common/options.ts';
import {
  add,
  div,
  maximum,
  mul,
  pow,
  reduceSum,
  reshape,
  sqrt,
  square,
  sub,
  unsqueeze,
} from '../../engine/index.ts';
import { multiply, projectSimplex } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { aggregation } from './define.ts';

interface MocoOptions {
  readonly beta: number;
  readonly gamma: number;
  readonly rho: number;
  readonly decay: number;
  readonly normalise: boolean;
  readonly onto: 'simplex' | 'softmax';
}

interface MocoState {
  readonly weights: readonly number[];
  readonly steps: number;
}

/**
 * Multi-objective gradient correction: trackers follow the gradients, yₜ ← yₜ − (β/kˢ)(yₜ − ĝₜ), so that their noise
 * averages out; weights follow the shortest vector in the trackers' hull, λ ← Π(λ − (γ/kˢ)(YYᵀ + ρI)λ); d = Yᵀλ.
 * ĝₜ is Lₜ gₜ/‖gₜ‖ (`normalise`) or gₜ.
 */
export const moco: Aggregation<MocoOptions, MocoState> = aggregation({
  name: 'moco',
  title: 'Multi-objective gradient correction (MoCo)',
  about: 'Multiple-gradient descent on running averages of the gradients, whose noise does not bias it.',
  paper:
    'H. Fernando, H. Shen, M. Liu, S. Chaudhury, K. Murugesan, T. Chen: Mitigating gradient bias in multi-objective learning: a provably convergent approach. ICLR 2023.',
  needs: 'jacobian',
  options: {
    beta: number({ default: 0.5, max: 1, about: 'How fast trackers follow the gradients.' }),
    gamma: number({ default: 0.1, about: 'Learning rate of the weights.' }),
    rho: number({ default: 0, about: 'How much the weights are drawn towards equal ones.' }),
    decay: number({ default: 0.5, about: 'β and γ are divided by this power of the step.' }),
    normalise: flag({ default: true, about: 'Track gradients as long as their loss.' }),
    onto: choice(['simplex', 'softmax'], {
      default: 'simplex',
      about:
        'How weights are made a distribution: by projection as in the paper, or by softmax as in some code.',
    }),
  },
  init: (tasks) => ({ weights: new Array<number>(tasks).fill(1 / tasks), steps: 0 }),
  weigh: ({ gramian, tasks }, state, { gamma, rho, decay, onto }) => {
    const steps = state.steps + 1;
    const held = projectSimplex(Float64Array.from(tasks, (task) => state.weights[task]!));
    const pull = multiply(gramian, held);
    const rate = gamma / steps ** decay;
    const moved = held.map((value, i) => value - rate * (pull[i]! + rho * value));
    const weights = onto === 'simplex' ? projectSimplex(moved) : softmax(moved);
    const next = [...state.weights];
    tasks.forEach((task, i) => {
      next[task] = weights[i]!;
    });
    return { weights, state: { weights: next, steps } };
  },
  transform: (jacobian, { losses, present, state, next, zeros }, { beta, decay, normalise }) => {
    const [tasks, size] = jacobian.shape.slice(-2) as [number, number];
    const trackers = zeros('trackers', [tasks, size]);
    const steps = add(state('steps', [0]), 1);
    next('steps', steps);
    const length = sqrt(reduceSum(square(jacobian), -1, { keepDims: true }));
    const target = normalise ? mul(jacobian, div(unsqueeze(losses, -1), maximum(length, 1e-30))) : jacobian;
    const rate = reshape(mul(pow(steps, -decay), beta), [...steps.shape, 1]);
    const follow = mul(rate, unsqueeze(present, -1));
    const followed = sub(trackers, mul(follow, sub(trackers, target)));
    next('trackers', followed);
    return followed;
  },
});

function softmax(values: Float64Array): Float64Array {
  const top = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const parts = values.map((value) => Math.exp(value - top));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}
