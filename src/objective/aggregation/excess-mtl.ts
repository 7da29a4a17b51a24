import { number } from '../../common/options.ts';
import {
  add,
  div,
  equal,
  maximum,
  mul,
  reduceSum,
  softmax,
  sqrt,
  square,
  unsqueeze,
  where,
} from '../../engine/index.ts';
import type { Aggregation } from './aggregation.ts';
import { equalStep } from './define.ts';

interface ExcessOptions {
  readonly eta: number;
}

/**
 * Excess risks: how far a task is from what it can reach, estimated by eₜ = Σ g²/√(S + 1e-7) with S the sum of g² over
 * steps, relative to its first value; weights grow with it, w ← T softmax(ln w + η eₜ/eₜ(0)); d = Σ wₜ gₜ.
 */
export const excessMtl: Aggregation<ExcessOptions, null> = {
  name: 'excess-mtl',
  title: 'Excess risks (ExcessMTL)',
  about: 'Weighs tasks by how far they are from their best, so that noisy labels win no weight.',
  paper:
    'Y. He, S. Zhou, G. Zhang, H. Yun, Y. Xu, B. Zeng, T. Chilimbi, H. Zhao: Robust multi-task learning with excess risks. ICML 2024.',
  needs: 'jacobian',
  options: { eta: number({ default: 0.01, about: 'How fast weights follow the excess risks.' }) },
  ...equalStep,
  direction: (jacobian, { present, state, next, zeros }, { eta }) => {
    const [tasks, size] = jacobian.shape.slice(-2) as [number, number];
    const none = new Array<number>(tasks).fill(0);
    const taking = mul(jacobian, unsqueeze(present, -1));
    const squares = add(zeros('squares', [tasks, size]), square(taking));
    next('squares', squares);
    const excess = reduceSum(div(square(taking), sqrt(add(squares, 1e-7))), -1);
    const known = state('first', none);
    const first = where(equal(known, 0), excess, known);
    next('first', first);
    const relative = div(excess, maximum(first, 1e-30));
    const logs = add(state('logs', none), mul(relative, eta));
    next('logs', logs);
    const weights = mul(mul(softmax(logs), tasks), present);
    return { direction: reduceSum(mul(unsqueeze(weights, -1), taking), -2), weights };
  },
};
