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
import { type DenseOptions, dense } from '../../layers.ts';
import { sharedView } from '../../view.ts';
import type { SharingContext } from '../sharing.ts';
import { selected } from './dselect.ts';
import { denseCopies } from './side-by-side.ts';

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
export type GateContext = Pick<SharingContext, 'set' | 'axis' | 'record' | 'penalise'>;

/** A linear layer of a gate over what it sees: [..., batch, units]. */
export type GateLayer = (options: DenseOptions) => Tensor;

type GateRule = (context: GateContext, layer: GateLayer, gate: Gate, options: GateOptions) => Tensor;

const GATES: Record<GateOptions['gate'], GateRule> = {
  softmax: softmaxGate,
  'top-k': topKGate,
  'dselect-k': selected,
};

/** Gates that use some of the experts only. */
export const SPARSE_GATES: ReadonlySet<string> = new Set(['top-k', 'dselect-k']);

/**
 * How much of each expert each row uses, by one gate for all tasks; the weights sum to 1.
 *
 * @param x [..., batch, D]
 * @returns [..., batch, E]
 */
export function commonGate(context: GateContext, x: Tensor, gate: Gate, options: GateOptions): Tensor {
  const view = sharedView(context.set, 'trunk');
  return weigh(context, (layer) => dense(view, x, layer), gate, options);
}

/**
 * How much of each expert each row uses, by a gate for each task, which leans on a common one where rows have one task.
 *
 * @param x shared [..., batch, D] or each task's own
 * @returns each task's own weights, which sum to 1
 */
export function taskGates(context: GateContext, x: Tensor, gate: Gate, options: GateOptions): Tensor {
  const { axis } = context;
  const view = axis.leaning('trunk');
  const product = axis.layout === 'rows' ? dense : denseCopies;
  return weigh(context, (layer) => product(view, axis.own(x), layer), gate, options);
}

/** The weights, recorded, and kept in balance if so told. */
function weigh(context: GateContext, layer: GateLayer, gate: Gate, options: GateOptions): Tensor {
  const weights = GATES[options.gate](context, layer, gate, options);
  context.record.use(gate.title, weights, gate.experts);
  if (options.balance > 0) {
    const term = scope(gate.name, () => imbalance(weights, context.set.lead.length));
    context.penalise(mul(term, options.balance));
  }
  return weights;
}

/** Small weights: experts start about evenly used. */
const GATE_GAIN = 0.1;

function logits(layer: GateLayer, { name, experts }: Gate, { temperature }: GateOptions): Tensor {
  return div(layer({ name, units: experts.length, gain: GATE_GAIN }), temperature);
}

/** softmax(x W / τ): R. Jacobs et al.: Adaptive mixtures of local experts. Neural Computation 3, 1991. */
function softmaxGate(_: GateContext, layer: GateLayer, gate: Gate, options: GateOptions): Tensor {
  const z = logits(layer, gate, options);
  return scope(gate.name, () => softmax(z));
}

/**
 * The softmax over the k largest of x W / τ; all others are exactly 0.
 *
 * N. Shazeer et al.: Outrageously large neural networks: the sparsely-gated mixture-of-experts layer. ICLR 2017; here
 * without their noise.
 */
function topKGate(_: GateContext, layer: GateLayer, gate: Gate, options: GateOptions): Tensor {
  const z = logits(layer, gate, options);
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
