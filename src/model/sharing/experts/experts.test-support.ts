import { expect } from 'vitest';
import { hashString, RandomStream } from '../../../common/random.ts';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import {
  expand,
  gradient,
  numbers,
  reduceSum,
  square,
  type Tensor,
  type TensorData,
  tensorData,
  unsqueeze,
} from '../../../engine/index.ts';
import type { HeadSpec } from '../../heads.ts';
import { inputLeaves, mapInputs } from '../../inputs.ts';
import { type BuiltModel, buildModel } from '../../model.ts';
import { type Parameter, ParameterSet } from '../../parameter.ts';
import type { BatchLayout } from '../../task-axis.ts';

const ROWS = 4;
/** The task of each row of a long problem. */
export const TASK_OF_ROW: readonly number[] = [1, 0, 0, 1];
const FEATURES = { numeric: 3, categorical: [3], text: [] };

export interface Setting {
  readonly hidden?: readonly number[];
  readonly tower?: readonly number[];
  readonly tasks?: number;
  /** In blocks every task has all rows. */
  readonly layout?: BatchLayout;
  readonly lead?: readonly number[];
  readonly conditioning?: string;
}

export interface Subject {
  readonly tasks: number;
  readonly set: ParameterSet;
  readonly model: BuiltModel;
  readonly logits: Tensor;
}

/** A model of regression tasks `task 0`, `task 1`, … with a tower each, so that heads have the same names everywhere. */
export function subject(sharing: string, setting: Setting = {}): Subject {
  const {
    hidden = [5, 4],
    tower = [3],
    tasks = 2,
    layout = 'wide',
    lead = [],
    conditioning = 'none',
  } = setting;
  const shape = { activation: 'tanh', dropout: 0, norm: 'layer' } as const;
  const heads = Array.from(
    { length: tasks },
    (_, t): HeadSpec => ({ name: `task ${t}`, family: 'f', width: 1, initialBias: [0.1 * t] }),
  );
  const set = new ParameterSet(lead);
  const long = layout === 'rows';
  const rows = inputLeaves(FEATURES, ROWS, long);
  const inputs =
    layout === 'blocks' ? mapInputs(rows, (x) => expand(unsqueeze(x, 0), [tasks, ...x.shape])) : rows;
  const model = buildModel(
    {
      sharing,
      conditioning,
      encoder: { ...shape, hidden },
      tower: { ...shape, hidden: tower },
      embedding: 2,
      textEmbedding: 2,
    },
    { features: FEATURES, heads, long },
    set,
    inputs,
    layout,
    { training: false },
  );
  return { tasks, set, model, logits: model.logits.get('f')! };
}

/** Values of the parameters, by name, replica after replica. */
export type Values = Readonly<Record<string, readonly number[]>>;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Values that depend on a parameter's name and the replica alone. */
export function drawn({ set }: Subject, replicas: number = sizeOf(set.lead)): Values {
  const draw = ({ name, shape }: Parameter): number[] =>
    Array.from({ length: replicas }, (_, s) => {
      const stream = new RandomStream(s, `${hashString(name)}`);
      return Array.from({ length: sizeOf(shape) }, (__, i) => 0.7 * stream.normal(i));
    }).flat();
  return Object.fromEntries(set.parameters.map((parameter) => [parameter.name, draw(parameter)]));
}

const stream = new RandomStream(0, 'inputs');

/** Features of the rows, and parameters. */
function feeds({ set, tasks }: Subject, values: Values): Record<string, TensorData> {
  const parameters = set.parameters.map(({ name, shape }): [string, TensorData] => [
    name,
    tensorData(Float32Array.from(values[name]!), [...set.lead, ...shape]),
  ]);
  return {
    numeric: tensorData(
      Array.from({ length: ROWS * 3 }, (_, i) => stream.normal(i)),
      [ROWS, 3],
    ),
    categorical: tensorData([0, 2, 1, 2], [ROWS, 1], 'int32'),
    task: tensorData(
      TASK_OF_ROW.map((task) => Math.min(task, tasks - 1)),
      [ROWS],
      'int32',
    ),
    ...Object.fromEntries(parameters),
  };
}

export async function run(
  own: Subject,
  outputs: Readonly<Record<string, Tensor>>,
  values: Values = drawn(own),
): Promise<Record<string, number[]>> {
  const found = await evaluate(optimised, outputs, feeds(own, values));
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, numbers(value)]));
}

/** Logits, and the gradient of Σ logits² by every parameter. */
export function runWithGradients(own: Subject, values: Values): Promise<Record<string, number[]>> {
  const parts = gradient(reduceSum(square(own.logits)), own.set.leaves);
  return run(
    own,
    {
      logits: own.logits,
      ...Object.fromEntries(own.set.parameters.map(({ name }, i) => [`d ${name}`, parts[i]!])),
    },
    values,
  );
}

/**
 * Whether two models are one: the same logits, and the same gradient by every parameter of the second, whose values
 * are those of the first under another name.
 */
export async function expectSame(
  first: Subject,
  second: Subject,
  nameInFirst: (name: string) => string,
): Promise<void> {
  const values = drawn(first);
  const renamed = Object.fromEntries(
    second.set.parameters.map(({ name }) => [name, values[nameInFirst(name)]!]),
  );
  const [a, b] = [await runWithGradients(first, values), await runWithGradients(second, renamed)];
  expectClose(a.logits!, b.logits!);
  for (const { name } of second.set.parameters)
    expectClose(a[`d ${nameInFirst(name)}`]!, b[`d ${name}`]!, name);
}

export function expectClose(found: readonly number[], expected: readonly number[], what = ''): void {
  expect(found.length, what).toBe(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!), `${what} ${i}: ${value}, not ${expected[i]}`).toBeLessThan(
      2e-5 * (1 + Math.abs(expected[i]!)),
    );
  });
}
