import { mul, rank, type Tensor } from '../engine/index.ts';
import type { HeadSpec } from './heads.ts';
import { affine } from './layers.ts';
import type { ParameterSet } from './parameter.ts';
import { DEVIATION, type LayerView } from './view.ts';

/** Small output weights: predictions start at the constant baseline, which the bias holds. */
export const HEAD_GAIN = 0.1;

/** An output layer that tasks share; it starts at their mean base rate. */
export function commonHead(view: LayerView, value: Tensor, heads: readonly HeadSpec[]): Tensor {
  const width = heads[0]!.width;
  const fanIn = value.shape.at(-1) as number;
  const rate = (k: number): number =>
    heads.reduce((sum, head) => sum + head.initialBias[k]!, 0) / heads.length;
  const weight = view.parameter('weight', [fanIn, width], {
    initialiser: { kind: 'uniform', fanIn, gain: HEAD_GAIN },
    rank: rank(value),
  });
  const values = Array.from({ length: width }, (_, k) => rate(k));
  const bias = view.parameter('bias', [1, width], {
    initialiser: { kind: 'values', values },
    decays: false,
    rank: rank(value),
  });
  return affine(value, weight, bias);
}

/** What a task adds to an output layer that tasks share; it starts at zero. */
export function deviationParameters(
  set: ParameterSet,
  family: string,
  tasks: readonly string[],
  width: number,
  fanIn: number,
): [Tensor, Tensor] {
  const declare = (name: string, rows: number, decays: boolean): Tensor =>
    set.declare({
      name: `heads/${family}/${name}`,
      shape: [tasks.length, rows, width],
      initialiser: { kind: 'zeros' },
      owner: { kind: 'task', tasks },
      decays,
    });
  return [mul(declare('deviation', fanIn, true), DEVIATION), declare('offset', 1, false)];
}

/** The output layers of a family, weights and biases, a slice for each task. */
export function outputParameters(
  set: ParameterSet,
  prefix: string,
  heads: readonly HeadSpec[],
  width: number,
  fanIn: number,
): [Tensor, Tensor] {
  const weight = set.declare({
    name: `${prefix}/weight`,
    shape: [heads.length, fanIn, width],
    initialiser: { kind: 'uniform', fanIn, gain: HEAD_GAIN },
    owner: { kind: 'task', tasks: heads.map(({ name }) => name) },
    decays: true,
  });
  return [weight, outputBias(set, prefix, heads, width)];
}

/** Starts each task at its own base rate. */
export function outputBias(
  set: ParameterSet,
  prefix: string,
  heads: readonly HeadSpec[],
  width: number,
): Tensor {
  return set.declare({
    name: `${prefix}/bias`,
    shape: [heads.length, 1, width],
    initialiser: { kind: 'values', values: heads.flatMap(({ initialBias }) => initialBias) },
    owner: { kind: 'task', tasks: heads.map(({ name }) => name) },
    decays: false,
  });
}
