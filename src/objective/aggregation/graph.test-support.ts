import type { SpecInput } from '../../common/options.ts';
import { optimised } from '../../engine/contract/runtimes.ts';
import { compile, input, numbers, type Tensor, type TensorData, tensorData } from '../../engine/index.ts';
import type { GradientContext } from './aggregation.ts';
import { chooseAggregation } from './registry.ts';

export interface GraphStep {
  /** [...lead, T, n], flat. */
  readonly jacobian: readonly number[];
  /** [...lead, T] */
  readonly losses?: readonly number[];
  readonly present?: readonly number[];
  /** Standard normal numbers, [...lead, n]. */
  readonly noise?: readonly number[];
}

export interface Shape {
  readonly lead?: readonly number[];
  readonly tasks: number;
  readonly size: number;
}

type Found = Readonly<Record<string, number[]>>;

/** A method's graph, ready to run: its transform [...lead, T, n], or its direction and weights. */
export interface OpenGraph {
  /** From fresh states, step by step. */
  run(steps: readonly GraphStep[]): Promise<readonly Found[]>;
  close(): Promise<void>;
}

export async function openGraph(spec: SpecInput, { lead = [], tasks, size }: Shape): Promise<OpenGraph> {
  const { aggregation, options } = chooseAggregation(spec);
  const initial = new Map<string, TensorData>();
  const outputs: Record<string, Tensor> = {};
  const copies = lead.reduce((product, dim) => product * dim, 1);
  const leaf = (name: string, shape: readonly number[], values: readonly number[]): Tensor => {
    const all = Array.from({ length: copies }, () => values).flat();
    initial.set(name, tensorData(Float32Array.from(all), [...lead, ...shape], 'float32'));
    return input(name, [...lead, ...shape]);
  };
  const context: GradientContext = {
    losses: input('losses', [...lead, tasks]),
    present: input('present', [...lead, tasks]),
    lead,
    state: (name, values) => leaf(name, [values.length], values),
    zeros: (name, shape) =>
      leaf(name, shape, new Array<number>(shape.reduce((product, dim) => product * dim, 1)).fill(0)),
    next: (name, value) => {
      outputs[`next/${name}`] = value;
    },
    noise: (_, count) => input('noise', [...lead, count]),
  };
  const jacobian = input('jacobian', [...lead, tasks, size]);
  if (aggregation.transform) outputs.transformed = aggregation.transform(jacobian, context, options);
  else Object.assign(outputs, aggregation.direction!(jacobian, context, options));
  const program = compile(outputs);
  const session = await optimised.load(program);
  const feed = (values: readonly number[], shape: readonly number[]): TensorData =>
    tensorData(Float32Array.from(values), [...lead, ...shape], 'float32');
  return {
    run: async (steps) => {
      const states = new Map(initial);
      const found: Found[] = [];
      for (const step of steps) {
        const ones = new Array<number>(copies * tasks).fill(1);
        const feeds: Readonly<Record<string, TensorData>> = {
          ...Object.fromEntries(states),
          jacobian: feed(step.jacobian, [tasks, size]),
          losses: feed(step.losses ?? ones, [tasks]),
          present: feed(step.present ?? ones, [tasks]),
          noise: feed(step.noise ?? new Array<number>(copies * size).fill(0), [size]),
        };
        const given = await session.run(
          Object.fromEntries(program.inputs.map(({ name }) => [name, feeds[name]!])),
        );
        for (const [name, value] of Object.entries(given))
          if (name.startsWith('next/')) states.set(name.slice('next/'.length), value);
        found.push(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, numbers(value)])));
      }
      return found;
    },
    close: () => session.close(),
  };
}

/** What a method's graph makes of gradients over steps. */
export async function runGraph(
  spec: SpecInput,
  shape: Shape,
  steps: readonly GraphStep[],
): Promise<readonly Found[]> {
  const graph = await openGraph(spec, shape);
  try {
    return await graph.run(steps);
  } finally {
    await graph.close();
  }
}
