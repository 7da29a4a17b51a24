import {
  add,
  cast,
  div,
  greaterOrEqual,
  maximum,
  mul,
  oneHot,
  rank,
  softmax,
  sqrt,
  squeeze,
  stopGradient,
  sub,
  type Tensor,
  topK,
} from '../../../engine/index.ts';
import { alignKeys, type Mode } from '../../layers.ts';
import { gumbelNoise } from '../../noise.ts';

export interface Annealing {
  /** τ₀ of τ = max(floor, τ₀ / √(epoch + 1)). */
  readonly temperature: number;
  readonly floor: number;
  /** Epochs in which all choices are equally likely, whatever the logits are. */
  readonly warmup: number;
  /** Weights of all choices, or one choice with the gradient of the weights. */
  readonly sample: 'soft' | 'hard';
}

/**
 * A choice among the last axis of logits. In training it is drawn, one draw a step: softmax((logits + Gumbel) / τ);
 * otherwise it is the likeliest one.
 *
 * E. Jang, S. Gu, B. Poole: Categorical reparameterization with Gumbel-softmax. ICLR 2017.
 *
 * @param logits [...lead, choosers, choices]
 * @param site sets the draws of one step apart
 * @returns weights of this shape that sum to 1
 */
export function choose(logits: Tensor, site: string, mode: Mode, annealing: Annealing): Tensor {
  const { training, keys, epoch } = mode;
  if (!training || keys === undefined) return likeliest(logits);
  const shape = logits.shape.slice(rank(keys[0]) - 2);
  const noise = gumbelNoise(alignKeys(keys, logits), site, shape);
  const known =
    epoch === undefined ? logits : mul(logits, cast(greaterOrEqual(epoch, annealing.warmup), 'float32'));
  const scores = div(add(known, noise), temperatureAt(epoch, annealing));
  return annealing.sample === 'hard' ? likeliest(scores) : softmax(scores);
}

/** τ of an epoch; 1 where nobody counts them. */
export function temperatureAt(epoch: Tensor | undefined, { temperature, floor }: Annealing): Tensor | number {
  return epoch === undefined ? 1 : maximum(div(temperature, sqrt(add(epoch, 1))), floor);
}

/** One-hot of the largest score, with the gradient of the softmax (straight-through). */
export function likeliest(scores: Tensor): Tensor {
  const hard = oneHot(squeeze(topK(scores, 1).indices, -1), scores.shape.at(-1) as number);
  const soft = softmax(scores);
  return add(hard, sub(soft, stopGradient(soft)));
}
