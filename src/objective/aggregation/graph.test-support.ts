import type { SpecInput } from '../../common/options.ts';
import { optimised, withSession } from '../../engine/contract/runtimes.ts';
import { input, numbers, type Tensor, type TensorData, tensorData } from '../../engine/index.ts';
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

interface Shape {
  readonly lead?: readonly number[];
  readonly tasks: number;
  readonly size: number;
}

/** What a method's graph makes of gradients over steps: its transform [...lead, T, n], or its direction and weights. */
export async function runGraph(
  spec: SpecInput,
  { lead = [], tasks, size }: Shape,
  steps: readonly GraphStep[],
): Promise<readonly Readonly<Record<string, number[]>>[]> {
  const { aggregation, options } = chooseAggregation(spec);
  const states = new Map<string, TensorData>();
  const outputs: Record<string, Tensor> = {};
  const leaf = (name: string, shape: readonly number[], initial: readonly number[]): Tensor => {
    const full = [...lead, ...shape];
    const copies = lead.reduce((product, dim) => product * dim, 1);
    const values = Array.from({ length: copies }, () => initial).flat();
    states.set(name, tensorData(Float32Array.from(values), full, 'float32'));
    return input(name, full);
  };
  const context: GradientContext = {
    losses: input('losses', [...lead, tasks]),
    present: input('present', [...lead, tasks]),
    lead,
    state: (name, initial) => leaf(name, [initial.length], initial),
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
  return withSession(optimised, outputs, async (run) => {
    const found: Record<string, number[]>[] = [];
    for (const step of steps) {
      const ones = new Array<number>(lead.reduce((product, dim) => product * dim, tasks)).fill(1);
      const feed = (values: readonly number[], shape: readonly number[]): TensorData =>
        tensorData(Float32Array.from(values), [...lead, ...shape], 'float32');
      const given = await run({
        ...Object.fromEntries(states),
        jacobian: feed(step.jacobian, [tasks, size]),
        losses: feed(step.losses ?? ones, [tasks]),
        present: feed(step.present ?? ones, [tasks]),
        noise: feed(step.noise ?? new Array<number>((ones.length / tasks) * size).fill(0), [size]),
      });
      for (const [name, value] of Object.entries(given))
        if (name.startsWith('next/')) states.set(name.slice('next/'.length), value);
      found.push(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, numbers(value)])));
    }
    return found;
  });
}
