import {
  div,
  equal,
  mul,
  oneHot,
  rank,
  reduceMean,
  reduceSum,
  scope,
  softmax,
  square,
  sub,
  type Tensor,
  topK,
  where,
} from '../../../engine/index.ts';
import { dense } from '../../layers.ts';
import type { LayerView } from '../../view.ts';
import type { SharingContext } from '../sharing.ts';
import { selected } from './dselect.ts';

export interface GateOptions {
  readonly gate: 'softmax' | 'top-k' | 'dselect-k';
  readonly temperature: number;
  readonly top: number;
  readonly gamma: number;
  readonly entropy: number;
  readonly balance: number;
}

/** A gate over some experts. */
export interface Gate {
  /** Of its layer and parameters. */
  readonly name: string;
  /** As reports show it. */
  readonly title: string;
  readonly experts: readonly string[];
}

/** What gates need of a model while it is built. */
export type GateContext = Pick<SharingContext, 'set' | 'record' | 'penalise'>;

type GateRule = (
  context: GateContext,
  view: LayerView,
  x: Tensor,
  gate: Gate,
  options: GateOptions,
) => Tensor;

const GATES: Record<GateOptions['gate'], GateRule> = {
  softmax: softmaxGate,
  'top-k': topKGate,
  'dselect-k': selected,
};

/** Gates that use some of the experts only. */
export const SPARSE_GATES: ReadonlySet<string> = new Set(['top-k', 'dselect-k']);

/**
 * How much of each expert each row uses: weights that sum to 1. They are recorded, and kept in balance if so told.
 *
 * @param x [..., batch, D]
 * @returns [..., batch, E]
 */
export function gateWeights(
  context: GateContext,
  view: LayerView,
  x: Tensor,
  gate: Gate,
  options: GateOptions,
): Tensor {
  const weights = GATES[options.gate](context, view, x, gate, options);
  context.record.use(gate.title, weights, gate.experts);
  if (options.balance > 0) {
    const term = scope(gate.name, () => imbalance(weights, context.set.lead.length));
    context.penalise(mul(term, options.balance));
  }
  return weights;
}

/** Small weights: experts start about evenly used. */
const GATE_GAIN = 0.1;

function logits(view: LayerView, x: Tensor, { name, experts }: Gate, { temperature }: GateOptions): Tensor {
  return div(dense(view, x, { name, units: experts.length, gain: GATE_GAIN }), temperature);
}

/** softmax(x W / τ): R. Jacobs et al.: Adaptive mixtures of local experts. Neural Computation 3, 1991. */
function softmaxGate(_: GateContext, view: LayerView, x: Tensor, gate: Gate, options: GateOptions): Tensor {
  const z = logits(view, x, gate, options);
  return scope(gate.name, () => softmax(z));
}

/**
 * The softmax over the k largest of x W / τ; all others are exactly 0.
 *
 * N. Shazeer et al.: Outrageously large neural networks: the sparsely-gated mixture-of-experts layer. ICLR 2017; here
 * without their noise.
 */
function topKGate(_: GateContext, view: LayerView, x: Tensor, gate: Gate, options: GateOptions): Tensor {
  const z = logits(view, x, gate, options);
  return scope(gate.name, () => {
    const { indices } = topK(z, options.top);
    const kept = reduceSum(oneHot(indices, gate.experts.length), -2);
    return softmax(where(equal(kept, 0), LOWEST, z));
  });
}

/** Its exponential is 0, and differences to it are finite. */
const LOWEST = -1e30;

/**
 * CV² of the experts' importance, which is what all rows and tasks together give an expert. Weights sum to 1, so that
 * for mean importance i [..., E] it is E Σ i² − 1: 0 where all are used alike, E − 1 where one is used alone.
 *
 * N. Shazeer et al.: Outrageously large neural networks: the sparsely-gated mixture-of-experts layer. ICLR 2017.
 *
 * @param weights [...lead, ..., E]
 * @returns [...lead]
 */
export function imbalance(weights: Tensor, lead: number): Tensor {
  const rows = Array.from({ length: rank(weights) - lead - 1 }, (_, i) => lead + i);
  const importance = reduceMean(weights, rows);
  const experts = weights.shape.at(-1) as number;
  return sub(mul(reduceSum(square(importance), -1), experts), 1);
}
