import {
  add,
  concat,
  div,
  log,
  maximum,
  minimum,
  mul,
  neg,
  rank,
  reduceMean,
  reduceSum,
  reshape,
  scope,
  slice,
  softmax,
  sub,
  type Tensor,
  unsqueeze,
} from '../../../engine/index.ts';

import type { Gate, GateContext, GateLayer, GateOptions } from './gate.ts';

/**
 * S(t) = 0 for t ≤ −γ/2, 1 for t ≥ γ/2, and −2 t³/γ³ + 3 t/(2γ) + ½ between: with u = t/γ, −2u³ + 1.5u + 0.5.
 */
export function smoothStep(t: Tensor, gamma: number): Tensor {
  const u = minimum(maximum(div(t, gamma), -0.5), 0.5);
  return add(mul(u, sub(1.5, mul(mul(u, u), 2))), 0.5);
}

/**
 * The weight of each binary code: Πᵢ S(zᵢ) where bit i of the code is 1, 1 − S(zᵢ) where it is 0; they sum to 1.
 *
 * @param bits S(z) [..., m]
 * @returns [..., 2ᵐ]; bit 0 is the lowest
 */
export function codeWeights(bits: Tensor): Tensor {
  const bit = (i: number): Tensor => slice(bits, -1, i, i + 1);
  let codes = concat([sub(1, bit(0)), bit(0)], -1);
  for (let i = 1; i < (bits.shape.at(-1) as number); i++)
    codes = concat([mul(codes, sub(1, bit(i))), mul(codes, bit(i))], -1);
  return codes;
}

/** Codes start inside of the smooth step, where they can move: deviation γ/100, as the authors' do. */
const START = 0.01;
const CHOICE_GAIN = 0.1;
/** Strength of the barrier that keeps selectors away from codes without an expert. */
const BARRIER = 1e-6;
const TINY = 1e-6;

/**
 * DSelect-k: k selectors, each a binary code z⁽ˢ⁾ of ⌈log₂ E⌉ bits that picks an expert, mixed by a softmax:
 * g = Σₛ softmax(x A)ₛ r(S(z⁽ˢ⁾)), z⁽ˢ⁾ = x Bₛ. It is differentiable, and sparse once the codes are binary.
 *
 * Where E is no power of 2 the codes without an expert are left out, the others divided by their sum Z, and 1/Z is
 * penalised. `entropy` times the entropy of every selector is penalised too, so that each comes to one expert.
 *
 * H. Hazimeh et al.: DSelect-k: differentiable selection in the mixture of experts with applications to multi-task
 * learning. NeurIPS 2021.
 *
 * @returns [..., batch, E]
 */
export function selected(
  context: GateContext,
  layer: GateLayer,
  { name, experts }: Gate,
  { top, gamma, temperature, entropy }: GateOptions,
): Tensor {
  const bits = Math.max(1, Math.ceil(Math.log2(experts.length)));
  const gain = (START * gamma) ** 2;
  const z = layer({ name: `${name}/codes`, units: top * bits, gain });
  const choice = layer({ name: `${name}/choice`, units: top, gain: CHOICE_GAIN });
  return scope(name, () => {
    const codes = codeWeights(smoothStep(reshape(z, [...z.shape.slice(0, -1), top, bits]), gamma));
    const selectors = reachable(context, codes, experts.length);
    if (entropy > 0) context.penalise(mul(meanOver(context, reduceSum(entropyOf(selectors), -1)), entropy));
    return reduceSum(mul(unsqueeze(softmax(div(choice, temperature)), -1), selectors), -2);
  });
}

/** Selectors over the experts there are: [..., k, 2ᵐ] → [..., k, E]. */
function reachable(context: GateContext, codes: Tensor, experts: number): Tensor {
  if (codes.shape.at(-1) === experts) return codes;
  const known = slice(codes, -1, 0, experts);
  const total = add(reduceSum(known, -1, { keepDims: true }), TINY);
  context.penalise(mul(meanOver(context, reduceSum(div(1, total), [-1, -2])), BARRIER));
  return div(known, total);
}

/** −Σ p ln p over the last axis, with 0 ln 0 = 0. */
function entropyOf(p: Tensor): Tensor {
  return neg(reduceSum(mul(p, log(maximum(p, TINY))), -1));
}

/** The mean over all axes but the replicas'. */
function meanOver({ set: { lead } }: GateContext, x: Tensor): Tensor {
  return reduceMean(
    x,
    Array.from({ length: rank(x) - lead.length }, (_, i) => lead.length + i),
  );
}
