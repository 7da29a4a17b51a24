import { describe, expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { topological } from '../engine/graph.ts';
import { add, constant, mul, sigmoid, type Tensor } from '../engine/index.ts';
import { buildStep, constantly, type Driven, drive, type Trial, tasksOf } from './drive.test-support.ts';
import type { ReplicaTask } from './loss-weighting.ts';
import { chooseLossWeighting, LOSS_WEIGHTINGS } from './loss-weightings.ts';

const TASKS: readonly ReplicaTask[] = [
  { name: 'a', rows: 400, baseline: 0.3 },
  { name: 'b', rows: 25, baseline: 2 },
  { name: 'c', rows: 9, weight: 3 },
  { name: 'd', rows: 100, baseline: 0.5 },
];
/** Options under which each method shows what it does; no floor, so that tasks can be left out without a trace. */
const OPTIONS: Readonly<Record<string, object>> = {
  fixed: { weights: { a: 2, c: 0.5 } },
  stch: { epochs: 1 },
  hedge: { eta: 0.3, floor: 0 },
  excess: { eta: 0.3, floor: 0 },
  'group-dro': { eta: 0.3, adjustment: 2 },
  pbi: { preference: { b: 2 } },
  cosmos: { preference: { b: 2 } },
};
/** Distributions over all tasks, of which absent ones leave their share unused. */
const SPREAD = ['dwa', 'hedge', 'group-dro', 'excess'];
const EPOCHS = 4;
const [LOSSES, NOISE] = ['losses', 'noise'].map((name) => new RandomStream(5, name)) as [
  RandomStream,
  RandomStream,
];

/** Losses between 0.1 and 10 that change from step to step, of tasks of TASKS and of one replica. */
const lossesOf = (of: readonly number[], step: number, replica = 0): number[] =>
  of.map((t) => 10 ** (2 * LOSSES.uniform(t + 10 * replica, step) - 1));
const noiseOf = (of: readonly number[], step: number, replica = 0): number[] =>
  of.map((t) => NOISE.normal(t + 10 * replica, step));

const ALL = [0, 1, 2, 3];

/** The losses of a batch as θ moves them, some up and some down, by half at most. */
const movedBy =
  (of: readonly number[]) =>
  (theta: Tensor, batch: Tensor): Tensor => {
    const along = constant(
      of.map((t) => [1, -0.7, 0.4, 2][t]!),
      { dtype: theta.dtype },
    );
    return mul(batch, add(sigmoid(mul(theta, along)), 0.5));
  };

describe.each(Object.keys(LOSS_WEIGHTINGS))('%s', (name) => {
  const run = (of: readonly number[], change: Partial<Trial> = {}): Promise<Driven> =>
    drive({
      method: {
        name,
        ...OPTIONS[name],
        ...(name === 'fixed' && of.length < 4 && { weights: weightsOf(of) }),
        ...preferenceOf(name, of),
      },
      tasks: of.map((t) => TASKS[t]!),
      steps: 2 * EPOCHS,
      stepsPerEpoch: 2,
      batch: (step) => lossesOf(of, step),
      noise: (step) => noiseOf(of, step),
      losses: movedBy(of),
      ...change,
    });

  test.each([1e-10, 1, 1e10])('finite in single precision for losses around %d', async (scale) => {
    const batch = (step: number): number[] => lossesOf(ALL, step).map((loss) => loss * scale);
    const { weights, state } = await run(ALL, { dtype: 'float32', batch });
    for (const weight of weights.flat()) expect(weight).toBeGreaterThanOrEqual(0);
    for (const value of [...weights.flat(), ...Object.values(state).flat()])
      expect(value).toSatisfy(Number.isFinite);
  });

  test('finite where losses lie twenty orders of magnitude apart, or are 0', async () => {
    const rows = [
      [1e-10, 1e10, 1, 3],
      [1e10, 0, 1e-10, 1],
      [0, 0, 0, 0],
      [1, 1e10, 1e10, 1e-10],
    ];
    const { weights, state } = await run(ALL, { dtype: 'float32', batch: (step) => rows[step % 4]! });
    for (const weight of weights.flat()) expect(weight).toBeGreaterThanOrEqual(0);
    for (const value of [...weights.flat(), ...Object.values(state).flat()])
      expect(value).toSatisfy(Number.isFinite);
  });

  test('does not care for the order of tasks', async () => {
    const order = [2, 0, 3, 1];
    const [plain, turned] = [await run(ALL), await run(order)];
    turned.weights.forEach((row, step) => {
      expectClose(
        row,
        order.map((t) => plain.weights[step]![t]!),
      );
    });
  });

  test('of one task weighs it by a number above 0', async () => {
    const { weights } = await run([1]);
    for (const row of weights) {
      expect(row).toHaveLength(1);
      expect(row[0]).toBeGreaterThan(0);
      expect(row[0]).toSatisfy(Number.isFinite);
    }
  });

  test('a task that is never there has weight 0 and leaves the others as they are without it', async () => {
    const there = [0, 2, 3];
    // The unused share of a distribution makes steps shorter: only with θ at rest are the losses the same.
    const spread = SPREAD.includes(name);
    const rate = spread ? 0 : 0.1;
    const without = await run(there, { rate });
    const absent = await run(ALL, { rate, present: constantly([1, 0, 1, 1]) });
    absent.weights.forEach((row, step) => {
      expect(row[1]).toBe(0);
      const [others, expected] = [there.map((t) => row[t]!), without.weights[step]!];
      if (spread) expectClose(shares(others), shares(expected));
      else expectClose(others, expected);
    });
  });

  test('what is kept of a task does not move in a step without it', async () => {
    const present = (step: number): number[] => [1, Number(step !== 5), 1, Number(step !== 5)];
    const [before, after] = await Promise.all(
      [5, 6].map((steps) => run(ALL, { steps, stepsPerEpoch: 1, present })),
    );
    for (const [key, values] of Object.entries(after!.state)) {
      if (key === 'theta') continue;
      expect([values[1], values[3]], key).toEqual([before!.state[key]![1], before!.state[key]![3]]);
    }
  });

  test('a step without any task weighs nothing and moves nothing', async () => {
    const present = (step: number): number[] => new Array<number>(4).fill(Number(step !== 5));
    const [before, after] = await Promise.all(
      [5, 6].map((steps) => run(ALL, { steps, stepsPerEpoch: 1, present })),
    );
    expect(after!.weights[5]).toEqual([0, 0, 0, 0]);
    expect(after!.state).toEqual(before!.state);
  });

  test('replicas side by side are as each alone', async () => {
    const both =
      (of: (tasks: readonly number[], step: number, replica?: number) => number[]) => (step: number) => [
        ...of(ALL, step, 0),
        ...of(ALL, step, 1),
      ];
    const gone = (replica: number, step: number): number[] =>
      ALL.map((t) => Number((step + t + replica) % 3 !== 0));
    const together = await run(ALL, {
      lead: [2],
      theta: [0, 0],
      batch: both(lossesOf),
      noise: both(noiseOf),
      present: (step) => [...gone(0, step), ...gone(1, step)],
    });
    for (const replica of [0, 1]) {
      const alone = await run(ALL, {
        batch: (step) => lossesOf(ALL, step, replica),
        noise: (step) => noiseOf(ALL, step, replica),
        present: (step) => gone(replica, step),
      });
      together.weights.forEach((row, step) => {
        expectClose(row.slice(4 * replica, 4 * replica + 4), alone.weights[step]!);
      });
    }
  });

  test('the graph does not grow with the number of tasks', () => {
    const nodes = (count: number): number => {
      const chosen = chooseLossWeighting({ name, warmup: 1, max: 5 });
      const batch = constantly(new Array<number>(count).fill(1));
      const { step } = buildStep({ method: name, tasks: tasksOf(count), steps: 1, batch }, chosen);
      return topological([...step.state.map(({ next }) => next), ...Object.values(step.outputs)]).length;
    };
    expect(nodes(30)).toBe(nodes(3));
  });

  test('the same bits twice', async () => {
    const [once, twice] = [await run(ALL, { dtype: 'float32' }), await run(ALL, { dtype: 'float32' })];
    expect(twice).toEqual(once);
  });
});

/** Options by task name for the tasks that there are. */
const weightsOf = (of: readonly number[]): Record<string, number> =>
  Object.fromEntries(of.map((t) => [TASKS[t]!.name, [2, 1, 0.5, 1][t]!]));

const preferenceOf = (name: string, of: readonly number[]): object =>
  ['pbi', 'cosmos'].includes(name) && !of.includes(1) ? { preference: 'equal' } : {};

function shares(values: readonly number[]): number[] {
  const total = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / total);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, t) => {
    expect(Math.abs(value - expected[t]!)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(expected[t]!)));
  });
}
