import { number, type Options } from '../../common/options.ts';
import { multiply, nonNegativeQuadratic, projectEach } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { type Batch, stateless } from './define.ts';

interface ProjectionOptions {
  readonly regularisation: number;
}

const OPTIONS: Options<ProjectionOptions> = {
  regularisation: number({
    default: 0,
    about:
      'Added to the diagonal of the Gramian of trace 1; published code has 0.0001 and conflicts a little.',
  }),
};

/**
 * Unconflicting projection of gradients: each pₜ gₜ is projected on the cone of directions that no task minds,
 * {d : gₛ·d ≥ 0}, and the projections are added: d = Σₜ Jᵀvₜ, vₜ the least vᵀGv with v ≥ pₜ eₜ.
 */
export const upgrad: Aggregation<ProjectionOptions, null> = stateless({
  name: 'upgrad',
  title: 'UPGrad',
  about: 'Projects each gradient on the directions that no task minds, and adds the projections.',
  paper: 'P. Quinton, V. Rey: Jacobian descent for multi-objective optimization. 2024, arXiv:2406.16232.',
  needs: 'gramian',
  prefers: true,
  options: OPTIONS,
  weigh: (batch, { regularisation }) => projectEach(regularised(batch, regularisation), batch.preference),
});

/** The mean gradient, projected on the directions that no task minds (gradient episodic memory). */
export const dualproj: Aggregation<ProjectionOptions, null> = stateless({
  name: 'dualproj',
  title: 'Dual-cone projection',
  about: 'Projects the mean gradient on the directions that no task minds.',
  paper: 'D. Lopez-Paz, M. Ranzato: Gradient episodic memory for continual learning. NeurIPS 2017.',
  needs: 'gramian',
  prefers: true,
  options: OPTIONS,
  weigh: (batch, { regularisation }) => projected(regularised(batch, regularisation), batch.preference),
});

/** The least vᵀGv with v ≥ u: v = u + x, x ≥ 0. */
function projected(gramian: Float64Array, u: Float64Array): Float64Array {
  const x = nonNegativeQuadratic(
    gramian,
    multiply(gramian, u).map((value) => -value),
  );
  return u.map((value, i) => value + x[i]!);
}

function regularised({ gramian, size }: Batch, share: number): Float64Array {
  if (share === 0) return gramian;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gramian[i * size + i]!;
  return gramian.map((value, k) => (trace > 0 ? value / trace : 0) + (k % (size + 1) === 0 ? share : 0));
}
