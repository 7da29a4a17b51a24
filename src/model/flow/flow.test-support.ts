import { RandomStream } from '../../common/random.ts';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import {
  gradient,
  input,
  numbers,
  reduceSum,
  type Tensor,
  type TensorData,
  tensorData,
} from '../../engine/index.ts';
import type { HeadSpec } from '../heads.ts';
import { inputLeaves } from '../inputs.ts';
import { type BuiltModel, buildModel, type ModelSpec } from '../model.ts';
import { initialise, ParameterSet } from '../parameter.ts';
import type { FamilyLabels } from './flow.ts';

export const ROWS = 7;
const FEATURES = { numeric: 3, categorical: [4], text: [] };

export interface Setting {
  readonly spec?: Partial<ModelSpec>;
  /** By name: the kind, and for a binary task its rate. */
  readonly tasks: Readonly<
    Record<string, { readonly kind: string; readonly rate?: number; readonly width?: number }>
  >;
  readonly seeds?: number;
  readonly training?: boolean;
  readonly labels?: FamilyLabels;
}

export interface BuiltFlow extends BuiltModel {
  readonly set: ParameterSet;
  /** Values of tensors at the initial parameters, moved by `noise`, or by what `change` says. */
  read(
    outputs: Readonly<Record<string, Tensor>>,
    more?: Readonly<Record<string, TensorData>>,
    noise?: number,
  ): Promise<Record<string, number[]>>;
  /** Parameters that a scalar of the tensor moves. */
  moved(loss: Tensor, more?: Readonly<Record<string, TensorData>>): Promise<string[]>;
}

export function headsOf(tasks: Setting['tasks']): HeadSpec[] {
  return Object.entries(tasks).map(([name, { kind, rate = 0.5, width = 1 }]) => ({
    name,
    kind,
    family: width === 1 ? kind : `${kind}/${width}`,
    width,
    initialBias: new Array<number>(width).fill(kind === 'binary' ? Math.log(rate / (1 - rate)) : 0),
  }));
}

export function buildFlow({ spec, tasks, seeds = 1, training = false, labels }: Setting): BuiltFlow {
  const shape = { activation: 'tanh', dropout: 0, norm: 'none' } as const;
  const whole: ModelSpec = {
    sharing: 'shared-bottom',
    encoder: { ...shape, hidden: [5] },
    tower: { ...shape, hidden: [4] },
    embedding: 2,
    textEmbedding: 2,
    ...spec,
  };
  const set = new ParameterSet(seeds === 1 ? [] : [seeds]);
  const signature = { features: FEATURES, heads: headsOf(tasks), long: false };
  const leaves = inputLeaves(FEATURES, ROWS, false);
  const built = buildModel(whole, signature, set, leaves, 'wide', { training }, labels);
  const feeds = (more: Readonly<Record<string, TensorData>>, noise: number): Record<string, TensorData> => ({
    ...inputs(),
    ...moveBy(
      noise,
      initialise(
        set.parameters,
        Array.from({ length: seeds }, (_, s) => s),
      ),
    ),
    ...more,
  });
  return {
    ...built,
    set,
    read: async (outputs, more = {}, noise = 0.5) => {
      const values = await evaluate(optimised, outputs, feeds(more, noise));
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, numbers(value)]));
    },
    moved: async (loss, more = {}) => {
      const parts = gradient(reduceSum(loss), set.leaves);
      const names = set.parameters.map(({ name }) => name);
      const outputs = Object.fromEntries(names.map((name, i) => [`d ${name}`, parts[i]!]));
      const values = await evaluate(optimised, outputs, feeds(more, 0.5));
      return names.filter((name) => numbers(values[`d ${name}`]!).some((value) => value !== 0));
    },
  };
}

const stream = new RandomStream(3, 'flow');

function inputs(): Record<string, TensorData> {
  const numeric = Float32Array.from({ length: ROWS * 3 }, (_, i) => stream.normal(i));
  const codes = Int32Array.from({ length: ROWS }, (_, i) => stream.integer(4, i, 1));
  return { numeric: tensorData(numeric, [ROWS, 3]), categorical: tensorData(codes, [ROWS, 1], 'int32') };
}

function moveBy(noise: number, initial: Record<string, TensorData>): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries(initial).map(([name, { data, shape }], p) => [
      name,
      tensorData(
        Float32Array.from(data as Float32Array, (value, i) => value + noise * stream.normal(i, p + 2)),
        shape,
      ),
    ]),
  );
}

/** Labels of a batch as leaves `labels/<family>` and `weights/<family>`. */
export function labelLeaves(
  families: Readonly<Record<string, { tasks: number; width: number }>>,
): FamilyLabels {
  return new Map(
    Object.entries(families).map(([key, { tasks, width }]) => [
      key,
      {
        labels: input(`labels/${key}`, [ROWS, tasks, width]),
        weights: input(`weights/${key}`, [ROWS, tasks]),
      },
    ]),
  );
}

export const sigmoidOf = (logit: number): number => 1 / (1 + Math.exp(-logit));
