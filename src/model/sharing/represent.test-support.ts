import type { SpecInput } from '../../common/options.ts';
import { hashString, RandomStream } from '../../common/random.ts';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import {
  gradient,
  mul,
  numbers,
  reduceSum,
  type Tensor,
  type TensorData,
  tensorData,
} from '../../engine/index.ts';
import { mlpEncoder } from '../encoders/mlp.ts';
import { featureReader } from '../feature-reader.ts';
import { inputLeaves } from '../inputs.ts';
import type { Activation, Mode } from '../layers.ts';
import { initialise, ParameterSet } from '../parameter.ts';
import { type Probe, recorder } from '../probe.ts';
import { taskAxis } from '../task-axis.ts';
import { chooseSharing } from './registry.ts';
import type { SharingContext, SharingProblem } from './sharing.ts';

export const ROWS = 4;
/** The task of each row, where rows have one. */
export const TASK_OF_ROW: readonly number[] = [1, 0, 1, 0];
const MIXED = { numeric: 2, categorical: [3, 4], text: [{ name: 'words', buckets: 5, length: 2 }] };
const NUMERIC = { numeric: 2, categorical: [], text: [] };

export interface Setting {
  readonly hidden?: readonly number[];
  readonly tasks?: readonly string[];
  readonly layout?: 'wide' | 'rows';
  readonly seeds?: readonly number[];
  /** Whether there are embeddings. */
  readonly embedded?: boolean;
  readonly activation?: Activation;
  /** How many rows the graph takes; a name for any number. */
  readonly rows?: number | string;
  readonly mode?: Mode;
}

export interface Represented {
  readonly set: ParameterSet;
  readonly value: Tensor;
  readonly probes: readonly Probe[];
  readonly penalties: readonly Tensor[];
  readonly setting: Required<Setting>;
}

/** What a sharing makes of some rows, before any head. */
export function represent(spec: SpecInput, setting: Setting = {}): Represented {
  const full: Required<Setting> = {
    hidden: [4, 4],
    tasks: ['a', 'b'],
    layout: 'wide',
    seeds: [0],
    embedded: false,
    activation: 'tanh',
    rows: ROWS,
    mode: { training: false },
    ...setting,
  };
  const { hidden, tasks, layout, seeds, embedded, activation, rows, mode } = full;
  const features = embedded ? MIXED : NUMERIC;
  const set = new ParameterSet(seeds.length === 1 ? [] : [seeds.length]);
  const inputs = inputLeaves(features, rows, layout === 'rows');
  const axis = taskAxis(set, layout, tasks, inputs.task);
  const shape = { hidden, activation, dropout: 0, norm: 'none', embedding: 2, textEmbedding: 2 } as const;
  const [probes, penalties]: [Probe[], Tensor[]] = [[], []];
  const { sharing, options } = chooseSharing(spec);
  const context = {
    set,
    tasks,
    axis,
    inputs,
    encoder: mlpEncoder(featureReader(features, shape), shape),
    mode,
    record: recorder(axis, inputs.task, probes),
    penalise: (term: Tensor) => penalties.push(term),
  } as unknown as SharingContext;
  sharing.check?.(options, { tasks, widths: hidden } as unknown as SharingProblem);
  const { value } = sharing.represent(context, options);
  return { set, value, probes, penalties, setting: full };
}

export type Values = Readonly<Record<string, readonly number[]>>;

const stream = new RandomStream(0, 'rows');
const fill = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => value(i));

/** Features of the rows, and initial parameters; those that are named have other values. */
export function feedsOf({ set, setting }: Represented, values: Values = {}): Record<string, TensorData> {
  const initial = Object.entries(initialise(set.parameters, setting.seeds));
  const given = (name: string, { data, shape }: TensorData): TensorData =>
    name in values
      ? tensorData(Float32Array.from(values[name]!), shape)
      : tensorData(data as Float32Array, shape);
  return {
    numeric: tensorData(Float32Array.from(fill(ROWS * 2, (i) => stream.normal(i))), [ROWS, 2]),
    categorical: tensorData(Int32Array.from(fill(ROWS * 2, (i) => i % 3)), [ROWS, 2], 'int32'),
    'text/words/ids': tensorData(Int32Array.from(fill(ROWS * 2, (i) => i % 5)), [ROWS, 2], 'int32'),
    'text/words/weights': tensorData(Float32Array.from(fill(ROWS * 2, (i) => 1 / (1 + i))), [ROWS, 2]),
    task: tensorData(Int32Array.from(TASK_OF_ROW), [ROWS], 'int32'),
    ...Object.fromEntries(initial.map(([name, data]) => [name, given(name, data)])),
  };
}

/** Initial values moved by noise that depends on a parameter's name alone; `still` stay as they begin. */
export function movedValues({ set, setting }: Represented, still: RegExp = /^$/): Values {
  const initial = initialise(set.parameters, setting.seeds);
  return Object.fromEntries(
    Object.entries(initial).map(([name, { data }]) => {
      const noise = new RandomStream(hashString(name), 'moved');
      const size = still.test(name) ? 0 : 0.3;
      return [name, Array.from(data as Float32Array, (value, i) => value + size * noise.normal(i))];
    }),
  );
}

export async function numbersOf(
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Record<string, TensorData>,
): Promise<Record<string, number[]>> {
  const results = await evaluate(optimised, outputs, feeds);
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, numbers(value)]));
}

/** The value, and the gradient of Σ value³ by every parameter p as `d p`. */
export async function valueAndGradients(
  built: Represented,
  values?: Values,
): Promise<Record<string, number[]>> {
  const loss = lossOf(built.value);
  const parts = gradient(loss, built.set.leaves);
  const gradients = Object.fromEntries(built.set.parameters.map(({ name }, i) => [`d ${name}`, parts[i]!]));
  return numbersOf({ value: built.value, ...gradients }, feedsOf(built, values));
}

export function lossOf(value: Tensor): Tensor {
  return reduceSum(mul(value, mul(value, value)));
}

/** Compares numbers one by one. */
export function expectClose(found: readonly number[], expected: readonly number[], digits = 5): void {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers, not ${expected.length}`);
  found.forEach((value, i) => {
    if (!(Math.abs(value - expected[i]!) <= 10 ** -digits * (1 + Math.abs(expected[i]!))))
      throw new Error(`number ${i}: ${value}, expected ${expected[i]}`);
  });
}
