import { hashString, RandomStream } from '../../common/random.ts';
import { gradient, jacobian } from '../gradient.ts';
import { input } from '../leaf.ts';
import { add, cast, mul, reduceSum, reshape, slice } from '../operators/index.ts';
import type { DType, Tensor } from '../tensor.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';
import type { Case } from './case.ts';
import type { Nd } from './nd.ts';

export type Precision = 'float32' | 'float64';
export interface Setting {
  readonly precision: Precision;
  readonly batch: number;
  /** Whether the axis `batch` keeps its name in the graph. */
  readonly named?: boolean;
  readonly role?: 'state';
}

/** A case as graph: its leaves, what they are fed, what comes out and what should. */
export interface Instance {
  readonly label: string;
  readonly inputs: readonly Tensor[];
  /** The inputs by which it is differentiated. */
  readonly floats: readonly { readonly name: string; readonly tensor: Tensor }[];
  readonly feeds: Record<string, TensorData>;
  readonly outputs: readonly Tensor[];
  readonly expected: readonly Nd[];
}

const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** How many random projections of the outputs are differentiated at once. */
export const PROJECTIONS = 3;

export function instantiate(item: Case, index: number, setting: Setting): Instance {
  const feeds: Record<string, TensorData> = {};
  const values: Nd[] = [];
  const floats: { name: string; tensor: Tensor }[] = [];
  const inputs = item.inputs.map((sample, position) => {
    const name = `${index}.${position}`;
    const dtype = sample.dtype === 'float' ? setting.precision : sample.dtype;
    const shape = sample.shape.map((dim) => (typeof dim === 'string' ? setting.batch : dim));
    const random = new RandomStream(hashString(item.label), name);
    const size = shape.reduce((a, b) => a * b, 1);
    const drawn = sample.draw(size, random, position);
    // Rounded in both precisions, so that both see the same point.
    const data = sample.dtype === 'float' ? drawn.map(Math.fround) : drawn;
    values.push({ shape, data });
    feeds[name] = tensorData(data, shape, dtype);
    const carried = setting.role !== undefined && sample.dtype === 'float';
    const tensor = input(name, setting.named ? sample.shape : shape, {
      dtype,
      ...(carried && { role: 'state' as const }),
    });
    if (sample.dtype === 'float') floats.push({ name, tensor });
    return tensor;
  });
  const built = item.build(...inputs);
  const expected = item.reference(...values);
  return {
    label: item.label,
    inputs,
    floats,
    feeds,
    outputs: 'node' in built ? [built] : built,
    expected: 'shape' in expected ? [expected] : expected,
  };
}

/** The derivatives of random projections of the outputs, by every float input. */
export interface Derivatives {
  readonly loss: Tensor;
  /** One projection after the other: [projection][input]. */
  readonly gradients: readonly (readonly Tensor[])[];
  /** All projections at once: [input]. */
  readonly jacobian: readonly Tensor[];
  readonly feeds: Readonly<Record<string, TensorData>>;
}

export function differentiate(
  item: Instance,
  index: number,
  { precision, batch }: Setting,
): Derivatives | undefined {
  const outputs = item.outputs.filter(({ dtype }) => isFloat(dtype));
  if (outputs.length === 0 || item.floats.length === 0) return undefined;
  const feeds: Record<string, TensorData> = {};
  const weights = outputs.map((output, o) => {
    const name = `${index}.w${o}`;
    const shape = [PROJECTIONS, ...output.shape.map((dim) => (typeof dim === 'string' ? batch : dim))];
    feeds[name] = tensorData(draw(name, shape), shape, precision);
    return input(name, [PROJECTIONS, ...output.shape], { dtype: precision });
  });
  const terms = outputs.map((output, o) => mul(weights[o]!, cast(output, precision)));
  const losses = terms
    .map((term) =>
      reduceSum(
        term,
        term.shape.slice(1).map((_, axis) => -1 - axis),
      ),
    )
    .reduce(add);
  const single = (t: number): Tensor =>
    outputs
      .map((output, o) => {
        const weight = reshape(slice(weights[o]!, 0, t, t + 1), output.shape);
        return reduceSum(mul(weight, cast(output, precision)));
      })
      .reduce(add);
  const wrt = item.floats.map(({ tensor }) => tensor);
  const singles = Array.from({ length: PROJECTIONS }, (_, t) => single(t));
  return {
    loss: singles[0]!,
    gradients: singles.map((loss) => gradient(loss, wrt)),
    jacobian: jacobian(losses, wrt),
    feeds,
  };
}

/** Fixed random numbers in (−1, 1). */
export function draw(name: string, shape: readonly number[]): number[] {
  const random = new RandomStream(7, name);
  const size = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: size }, (_, i) => Math.fround(2 * random.uniform(i) - 1));
}
