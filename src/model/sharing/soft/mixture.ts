import { add, matmul, mul, reshape, type Tensor, unsqueeze } from '../../../engine/index.ts';
import { type ParameterOptions, sharedView, taskView } from '../../view.ts';
import type { SharingContext } from '../sharing.ts';
import type { Deviating } from './deviation.ts';

/** What is factored beside the axis of tasks: nothing, the rows of weights, or rows and units. */
export type FactorForm = 'laf' | 'tt' | 'tucker';

export interface MixtureOptions {
  readonly form: FactorForm;
  /** The largest rank of an axis. */
  readonly rank: 'auto' | number;
  /** s of the factors of tasks. */
  readonly scale: number;
}

/**
 * Weights [rows, units] of every task as mixtures of K common cores: Wₜ = A (Σₖ sₜₖ Gₖ) Bᵀ, where A and B are the
 * identity unless the form learns them. sₜₖ = 1/√K + s vₜₖ: tasks start as one, and weights with the variance that
 * their initialiser says.
 *
 * @returns W, and s v as [...lead, tasks, 1, K]
 */
export function mixture(
  { set, tasks }: SharingContext,
  name: string,
  [rows, units]: readonly [number, number],
  options: ParameterOptions,
  { form, rank, scale }: MixtureOptions,
): Deviating {
  const lead = set.lead.length;
  const common = sharedView(set, name);
  const ranks = ranksOf(form, rank, { tasks: tasks.length, rows, units });
  const zeros = { initialiser: { kind: 'zeros' } } as const;
  const own = mul(taskView(set, name, tasks).parameter('factors', [1, ranks.tasks], zeros), scale);
  const factors = add(own, 1 / Math.sqrt(ranks.tasks));
  const { initialiser, decays = true } = options;
  const cores = common.parameter('cores', [ranks.tasks, ranks.rows * ranks.units], { initialiser, decays });
  const product = matmul(factors, unsqueeze(cores, lead));
  const mixed = reshape(product, [...product.shape.slice(0, lead), tasks.length, ranks.rows, ranks.units]);
  const basis = (axis: string, from: number, to: number): Tensor =>
    unsqueeze(
      common.parameter(axis, [from, to], { initialiser: { kind: 'uniform', fanIn: to, gain: 1 } }),
      lead,
    );
  const raised = form === 'laf' ? mixed : matmul(basis('rows', rows, ranks.rows), mixed);
  const stack =
    form === 'tucker' ? matmul(raised, basis('units', units, ranks.units), { transposeB: true }) : raised;
  return { stack, own };
}

interface Ranks {
  readonly tasks: number;
  readonly rows: number;
  readonly units: number;
}

/** Left alone, 1 + √T cores, and half of the rows and units that are factored. */
function ranksOf(form: FactorForm, rank: 'auto' | number, sizes: Ranks): Ranks {
  const [most, half] =
    rank === 'auto'
      ? [1 + Math.ceil(Math.sqrt(sizes.tasks)), (size: number) => Math.ceil(size / 2)]
      : [rank, (size: number) => Math.min(rank, size)];
  return {
    tasks: Math.min(sizes.tasks, most),
    rows: form === 'laf' ? sizes.rows : half(sizes.rows),
    units: form === 'tucker' ? half(sizes.units) : sizes.units,
  };
}
