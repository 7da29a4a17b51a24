import { number } from '../../common/options.ts';
import {
  abs,
  add,
  cast,
  div,
  erf,
  greater,
  less,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  mul,
  reduceSum,
  unsqueeze,
} from '../../engine/index.ts';
import type { Aggregation } from './aggregation.ts';
import { equalStep } from './define.ts';

interface GraddropOptions {
  readonly leak: number;
}

/**
 * Gradient sign dropout: at each coordinate one sign is drawn, positive with probability P = ½(1 + Σg/Σ|g|), and gradients
 * of the other sign are dropped: d = Σ (l + (1 − l) Mₜ) gₜ, with l the part that leaks through.
 *
 * The paper drops gradients of a representation; here they are those of the shared parameters.
 */
export const graddrop: Aggregation<GraddropOptions, null> = {
  name: 'graddrop',
  title: 'Gradient sign dropout (GradDrop)',
  about: 'At each coordinate keeps the gradients of one sign, drawn by how much they agree.',
  paper:
    'Z. Chen, J. Ngiam, Y. Huang, T. Luong, H. Kretzschmar, Y. Chai, D. Anguelov: Just pick a sign: optimizing deep multitask models with gradient sign dropout. NeurIPS 2020.',
  needs: 'jacobian',
  options: {
    leak: number({ default: 0, max: 1, about: 'The part of a dropped gradient that is kept all the same.' }),
  },
  ...equalStep,
  direction: (jacobian, { present, noise }, { leak }) => {
    const taking = mul(jacobian, unsqueeze(present, -1));
    const total = reduceSum(taking, -2, { keepDims: true });
    const size = reduceSum(abs(taking), -2, { keepDims: true });
    const agreement = div(total, maximum(size, 1e-30));
    // Φ(z) is uniform: P > Φ(z) is agreement > erf(z/√2).
    const drawn = erf(mul(unsqueeze(noise('sign', taking.shape.at(-1) as number), -2), Math.SQRT1_2));
    const positive = greater(agreement, drawn);
    const kept = logicalOr(
      logicalAnd(positive, greater(taking, 0)),
      logicalAnd(logicalNot(positive), less(taking, 0)),
    );
    const mask = add(mul(cast(kept, 'float32'), 1 - leak), leak);
    return { direction: reduceSum(mul(mask, taking), -2) };
  },
};
