import { number } from '../../common/options.ts';
import { add, div, mul, pow, reshape, sub, unsqueeze } from '../../engine/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';

interface DbMtlOptions {
  readonly beta: number;
  readonly decay: number;
}

/**
 * Dual balancing: gradients of ln(Lₜ + 1e-8), averaged over steps, bₜ ← gₜ + (β/kˢ)(bₜ − gₜ), and all made as long as the
 * longest: d = Σ (max ‖b‖ / ‖bₜ‖) bₜ.
 */
export const dbMtl: Aggregation<DbMtlOptions, null> = stateless({
  name: 'db-mtl',
  title: 'Dual balancing (DB-MTL)',
  about: 'Gradients of log-losses, averaged over steps and made equally long.',
  paper:
    'B. Lin, W. Jiang, F. Ye, Y. Zhang, P. Chen, Y.-C. Chen, S. Liu, J. Kwok: Dual-balancing for multi-task learning. 2023, arXiv:2308.12029.',
  needs: 'jacobian',
  options: {
    beta: number({ default: 0.9, max: 1, about: 'How much of the average is kept at each step.' }),
    decay: number({ default: 0, about: 'β is divided by this power of the step.' }),
  },
  weigh: ({ gramian, size }) => {
    const lengths = Float64Array.from({ length: size }, (_, i) =>
      Math.sqrt(Math.max(0, gramian[i * size + i]!)),
    );
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    return lengths.map((length) => (length > 0 ? longest / length : 0));
  },
  transform: (jacobian, { losses, present, state, next, zeros }, { beta, decay }) => {
    const [tasks, size] = jacobian.shape.slice(-2) as [number, number];
    const averages = zeros('averages', [tasks, size]);
    const steps = add(state('steps', [0]), 1);
    next('steps', steps);
    const ofLogs = div(jacobian, unsqueeze(add(losses, 1e-8), -1));
    const keep = reshape(mul(pow(steps, -decay), beta), [...steps.shape, 1]);
    const follow = mul(sub(1, keep), unsqueeze(present, -1));
    const followed = add(averages, mul(follow, sub(ofLogs, averages)));
    next('averages', followed);
    return followed;
  },
});
