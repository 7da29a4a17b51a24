import {
  add,
  dropout,
  elu,
  gelu,
  gemm,
  layerNorm,
  leakyRelu,
  matmul,
  rank,
  relu,
  reshape,
  scope,
  silu,
  type Tensor,
  tanh,
  transpose,
} from '../engine/index.ts';
import type { LayerView } from './view.ts';

/** Activations by name; `gain` is the variance gain that He-style initialisation corrects for. */
export const ACTIVATIONS = {
  relu: { apply: (x: Tensor): Tensor => relu(x), gain: 2 },
  'leaky-relu': { apply: (x: Tensor): Tensor => leakyRelu(x), gain: 2 },
  elu: { apply: (x: Tensor): Tensor => elu(x), gain: 1.5 },
  gelu: { apply: (x: Tensor): Tensor => gelu(x), gain: 2 },
  silu: { apply: (x: Tensor): Tensor => silu(x), gain: 2 },
  tanh: { apply: (x: Tensor): Tensor => tanh(x), gain: 1 },
} as const;
export type Activation = keyof typeof ACTIVATIONS;

/** Whether a graph trains (dropout on, with the keys of this step) or predicts. */
export interface Mode {
  readonly training: boolean;
  /** Dropout keys of the step, int32 [..., 1, 1], one pair a replica. */
  readonly keys?: readonly [Tensor, Tensor];
  /** Whether what a sharing takes aside is read, as always in training. */
  readonly asShown?: boolean;
  /** How many epochs have passed, [1]; for what anneals. */
  readonly epoch?: Tensor;
}

export interface DenseOptions {
  readonly name: string;
  readonly units: number;
  /** Variance gain of what follows: 2 before a rectifier, 1 before nothing. */
  readonly gain?: number;
}

/**
 * x W + b.
 *
 * @param x [..., batch, in]
 * @returns [..., batch, units]
 */
export function dense(view: LayerView, x: Tensor, { name, units, gain = 1 }: DenseOptions): Tensor {
  return scope(name, () => {
    const width = x.shape.at(-1) as number;
    const weight = view.parameter(`${name}/weight`, [width, units], {
      initialiser: { kind: 'uniform', fanIn: width, gain },
      rank: rank(x),
    });
    const bias = view.parameter(`${name}/bias`, [1, units], {
      initialiser: { kind: 'zeros' },
      decays: false,
      rank: rank(x),
    });
    return affine(x, weight, bias);
  });
}

/** x W + b for any leading axes, in one kernel where all are matrices. */
export function affine(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const matrices = rank(x) === 2 && rank(weight) === 2 && rank(bias) === 2;
  return matrices ? gemm(x, weight, bias) : add(matmul(x, weight), bias);
}

export interface MlpOptions {
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** Probability of setting a hidden unit to zero while training. */
  readonly dropout: number;
  readonly norm: 'none' | 'layer';
}

/**
 * A multi-layer perceptron: for each hidden size, dense → norm → activation → dropout.
 *
 * @param x [..., batch, in]
 * @returns [..., batch, last hidden size]; x itself without hidden layers
 */
export function mlp(view: LayerView, x: Tensor, name: string, options: MlpOptions, mode: Mode): Tensor {
  return options.hidden.reduce(
    (h, units, layer) => mlpLayer(view, h, `${name}/${layer}`, units, options, mode),
    x,
  );
}

/**
 * One layer of a perceptron: dense → norm → activation → dropout.
 *
 * @param x [..., batch, in]
 * @returns [..., batch, units]
 */
export function mlpLayer(
  view: LayerView,
  x: Tensor,
  at: string,
  units: number,
  options: Omit<MlpOptions, 'hidden'>,
  mode: Mode,
): Tensor {
  const { apply, gain } = ACTIVATIONS[options.activation];
  const linear = dense(view, x, { name: at, units, gain });
  return scope(at, () => {
    const active = apply(options.norm === 'layer' ? normed(view, linear, at) : linear);
    return dropped(active, options.dropout, mode, at);
  });
}

/**
 * Dropout while training.
 *
 * @param at sets the masks of one step apart
 */
export function dropped(x: Tensor, probability: number, { training, keys }: Mode, at: string): Tensor {
  if (!training || keys === undefined || probability === 0) return x;
  // Masks differ over tasks, experts, rows and units; replicas differ by their keys.
  const own = x.shape.slice(rank(keys[0]) - 2);
  return dropout(x, probability, alignKeys(keys, x), at, own);
}

/** Layer norm with a learned scale and shift, `<at>/norm/…`. */
export function normed(view: LayerView, x: Tensor, at: string): Tensor {
  const units = x.shape.at(-1) as number;
  const scale = view.parameter(`${at}/norm/scale`, [1, units], {
    initialiser: { kind: 'ones' },
    decays: false,
    rank: rank(x),
  });
  const shift = view.parameter(`${at}/norm/shift`, [1, units], {
    initialiser: { kind: 'zeros' },
    decays: false,
    rank: rank(x),
  });
  return layerNorm(x, scale, shift);
}

/** [..., n, batch, ·] → [..., batch, n, ·]. */
export function swapRows(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const [before, rows, last] = axes.slice(-3) as [number, number, number];
  return transpose(x, [...axes.slice(0, -3), rows, before, last]);
}

/** Keys [S, 1, 1] against x [S, T, batch, units] need the task axis in between. */
export function alignKeys(keys: readonly [Tensor, Tensor], x: Tensor): readonly [Tensor, Tensor] {
  const lead = keys[0].shape.slice(0, -2);
  const shape = [...lead, ...new Array<number>(rank(x) - lead.length).fill(1)];
  return [reshape(keys[0], shape), reshape(keys[1], shape)];
}
