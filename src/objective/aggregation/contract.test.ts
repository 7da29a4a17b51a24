import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { Ascending, aggregate, inputOf, problemOf } from './fixture.test-support.ts';
import {
  type AggregationProperties,
  combined,
  firstWeights,
  gramianOf,
  type PropertyProblem,
  propertiesOf,
} from './properties.ts';
import { AGGREGATIONS, chooseAggregation } from './registry.ts';

const drawn = fc.record({
  seed: fc.integer({ min: 0, max: 100_000 }),
  tasks: fc.integer({ min: 1, max: 7 }),
  size: fc.integer({ min: 1, max: 9 }),
  /** Of all gradients. */
  exponent: fc.integer({ min: -10, max: 15 }),
  /** How far apart their lengths are. */
  spread: fc.integer({ min: 0, max: 4 }),
  zeros: fc.boolean(),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer D> ? D : never;

function draw({ seed, tasks, size, exponent, spread, zeros }: Drawn): PropertyProblem {
  const random = new RandomStream(seed, 'problem');
  const jacobian = Array.from({ length: tasks }, (_, t) => {
    const scale = 10 ** (exponent + spread * (random.uniform(t, 1) - 0.5));
    const zero = zeros && random.uniform(t, 2) < 0.3;
    return Array.from({ length: size }, (_, k) => (zero ? 0 : scale * random.normal(t * size + k)));
  });
  return problemOf(
    jacobian,
    jacobian.map((_, t) => random.uniform(t, 3)),
  );
}
const length = (vector: ArrayLike<number>): number => Math.hypot(...Array.from(vector));
const longest = ({ jacobian }: PropertyProblem): number => Math.max(...jacobian.map(length));

/** Plainly spread gradients, in so many dimensions that some direction helps all. */
const generic = (from: Drawn): PropertyProblem =>
  draw({ ...from, spread: 1, zeros: false, size: from.size + from.tasks });

/** Of the weights, even where a transform goes before them. */
const CLAIMS = new Map<string, AggregationProperties>();
for (const name of Object.keys(AGGREGATIONS)) CLAIMS.set(name, await propertiesOf(chooseAggregation(name)));

describe.each(Object.keys(AGGREGATIONS))('%s', (name) => {
  const chosen = chooseAggregation(name);
  const { aggregation, options } = chosen;
  const claims = CLAIMS.get(name)!;

  test('says what it is', () => {
    expect(aggregation.name).toBe(name);
    for (const words of [aggregation.title, aggregation.about, aggregation.paper])
      expect(words.length).toBeGreaterThan(2);
    expect(aggregation.about).toMatch(/\.$/);
  });

  test('finite at any scale and rank, with zero gradients, over steps in which tasks come and go', () => {
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = draw(from);
        const random = new RandomStream(from.seed, 'present');
        let state = aggregation.init(from.tasks, options);
        for (let step = 0; step < 4; step++) {
          const present = problem.jacobian.map((_, t) => random.uniform(t, step) < 0.7);
          const found = aggregation.step(inputOf(problem, { step, present }), state, options);
          expect(found.weights).toHaveLength(from.tasks);
          found.weights.forEach((weight, t) => {
            expect(Number.isFinite(weight)).toBe(true);
            if (!present[t]) expect(weight).toBe(0);
          });
          // Plain JSON, whatever happened.
          expect(JSON.parse(JSON.stringify(found.state))).toEqual(found.state);
          state = found.state;
        }
      }),
      { numRuns: 50 },
    );
  });

  test('absent tasks take no part: the others get what they would get alone', () => {
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = draw({ ...from, tasks: from.tasks + 1 });
        const present = problem.jacobian.map((_, t) => t < from.tasks);
        const alone = { jacobian: problem.jacobian.slice(0, -1), losses: problem.losses.slice(0, -1) };
        const [one, other] = [
          aggregate(name, problem, { present, random: new Ascending() }),
          aggregate(name, alone, { random: new Ascending() }),
        ];
        expect([...one.weights.slice(0, -1)]).toEqual([...other.weights]);
      }),
      { numRuns: 40 },
    );
  });

  test('weights follow a preference exactly where the method says so, by its option too', () => {
    let followed = false;
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = generic({ ...from, tasks: from.tasks + 1 });
        const random = new RandomStream(from.seed, 'preference');
        // Some tasks count for nothing.
        const values = problem.jacobian.map((_, t) => (t > 0 && random.uniform(t) < 0.3 ? 0 : t + 0.5));
        const preference = Object.fromEntries(values.map((value, t) => [`task${t}`, value]));
        const equal = [...aggregate(name, problem).weights];
        const handed = [...aggregate(name, problem, { preference: Float64Array.from(values) }).weights];
        expect(handed.every(Number.isFinite)).toBe(true);
        followed ||= handed.some((weight, t) => Math.abs(weight - equal[t]!) > 1e-6 * Math.abs(equal[t]!));
        if (aggregation.prefers)
          expect([...aggregate({ name, preference }, problem).weights]).toEqual(handed);
        else expect(handed).toEqual(equal);
      }),
      { numRuns: 30 },
    );
    expect(followed).toBe(aggregation.prefers === true);
    expect(Object.hasOwn(aggregation.options, 'preference')).toBe(followed);
  });

  test('one task: along its gradient', () => {
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = draw({ ...from, tasks: 1, zeros: false });
        const { weights } = aggregate(name, problem);
        if (name === 'nash' || name === 'fairgrad') expect(weights[0]).toBeGreaterThan(0);
        else if (name === 'cagrad') expect(weights[0]).toBeCloseTo(1.5 / 1.25, 9);
        else expect(weights[0]).toBeCloseTo(1, 9);
      }),
      { numRuns: 40 },
    );
  });

  test('what is not finite is passed on as it is: weights of 1', () => {
    const problem = problemOf([
      [1, Number.NaN],
      [1, 1],
    ]);
    expect([...firstWeights(chosen, problem)]).toEqual([1, 1]);
  });

  test('tasks that change places change weights with them', () => {
    if (!claims.permutationInvariant) return;
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = generic(from);
        const order = new RandomStream(from.seed, 'order').permutation(from.tasks);
        const moved = {
          jacobian: Array.from(order, (t) => problem.jacobian[t]!),
          losses: Float64Array.from(order, (t) => problem.losses[t]!),
        };
        const weights = firstWeights(chosen, problem);
        const [d, e] = [combined(problem, weights), combined(moved, firstWeights(chosen, moved))];
        const scale = longest(problem) * Math.max(...weights.map(Math.abs));
        d.forEach((value, k) => {
          expect(Math.abs(value - e[k]!)).toBeLessThan(1e-6 * scale);
        });
      }),
      { numRuns: 40 },
    );
  });

  test('no task is made worse, where that is claimed', () => {
    if (!claims.nonConflicting) return;
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = generic(from);
        const weights = firstWeights(chosen, problem);
        const d = combined(problem, weights);
        for (const row of problem.jacobian) {
          const along = row.reduce((sum, value, k) => sum + value * d[k]!, 0);
          expect(along).toBeGreaterThanOrEqual(-1e-6 * length(row) * length(d));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a scaled loss changes nothing, where that is claimed', () => {
    if (!claims.scaleInvariant) return;
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = generic(from);
        const random = new RandomStream(from.seed, 'scales');
        const scale = (t: number): number => 10 ** (4 * random.uniform(t) - 2);
        const scaled = {
          jacobian: problem.jacobian.map((row, t) => row.map((value) => value * scale(t))),
          losses: problem.losses.map((loss, t) => loss * scale(t)),
        };
        const [d, e] = [problem, scaled].map((one) => combined(one, firstWeights(chosen, one)));
        d!.forEach((value, k) => {
          expect(Math.abs(value / length(d!) - e![k]! / length(e!))).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 40 },
    );
  });

  test('stands still at Pareto-stationary points, where that is claimed', () => {
    if (!claims.stationarySafe) return;
    fc.assert(
      fc.property(drawn, (from) => {
        const problem = draw({ ...from, tasks: from.tasks + 1, spread: 1, zeros: false });
        // The last gradient cancels a positive combination of the others.
        const random = new RandomStream(from.seed, 'cancel');
        const others = problem.jacobian.slice(0, -1);
        const weights = Float64Array.from(others, (_, t) => 0.2 + random.uniform(t));
        const last = combined({ jacobian: others, losses: problem.losses }, weights).map((value) => -value);
        const stationary = { jacobian: [...others, last], losses: problem.losses };
        const d = combined(stationary, firstWeights(chosen, stationary));
        // The length of d is bounded by clip in Nash's method and free in others.
        expect(length(d)).toBeLessThan(1e-3 * longest(stationary));
      }),
      { numRuns: 40 },
    );
  });
});

test('a task that a preference names must be there, also where another method is averaged', () => {
  const spec = { name: 'cagrad', preference: { task0: 2, tusk1: 1 } };
  for (const one of [spec, 'cagrad:preference=task0=2+tusk1=1', { name: 'cr-mogm', of: spec }]) {
    const { aggregation, options } = chooseAggregation(one);
    expect(() => aggregation.check!(options, ['task0', 'tusk1'])).not.toThrow();
    expect(() => aggregation.check!(options, ['task0', 'task1'])).toThrow(
      expect.objectContaining({ code: 'task-unknown', path: 'objective.preference.tusk1' }),
    );
  }
  const { aggregation, options } = chooseAggregation('mean:preference=task0=0+task1=0');
  expect(() => aggregation.check!(options, ['task0', 'task1'])).toThrow(
    expect.objectContaining({ code: 'weight-invalid' }),
  );
});

test('a preference among absent tasks is that of the others', () => {
  const problem = problemOf([
    [1, 0],
    [0, 1],
    [1, 1],
  ]);
  const spec = 'mean:preference=task0=3+task1=1+task2=6';
  expect([...aggregate(spec, problem).weights]).toEqual([0.3, 0.1, 0.6]);
  expect([...aggregate(spec, problem, { present: [true, true, false] }).weights]).toEqual([0.75, 0.25, 0]);
  expect([...aggregate('mean:preference=task0=3', problem).weights]).toEqual([0.6, 0.2, 0.2]);
});

test('a Gramian that rounding made indefinite is no trouble', () => {
  const gramian = Float64Array.of(1, 1 + 1e-7, -1, 1 + 1e-7, 1, -1, -1, -1, 1 - 1e-7);
  for (const name of Object.keys(AGGREGATIONS)) {
    const { aggregation, options } = chooseAggregation(name);
    const input = inputOf(problemOf([[1], [1], [-1]]), { gramian });
    const { weights } = aggregation.step(input, aggregation.init(3, options), options);
    expect(weights.every(Number.isFinite), `${name} ${weights}`).toBe(true);
  }
});

test('gradients on scales as far apart as float64 allows', () => {
  const problem = problemOf([
    [1e-10, 0, 1e-10],
    [0, 1e15, -1e15],
    [0, 0, 0],
  ]);
  for (const name of Object.keys(AGGREGATIONS)) {
    const chosen = chooseAggregation(name);
    const weights = firstWeights(chosen, problem);
    expect(weights.every(Number.isFinite), `${name} ${weights}`).toBe(true);
    if (CLAIMS.get(name)!.scaleInvariant) expect(weights[0]! / weights[1]!).toBeCloseTo(1e25, -17);
  }
});

test('Gramians have the products of rows', () => {
  expect([
    ...gramianOf(
      problemOf([
        [1, 2],
        [3, 4],
      ]).jacobian,
    ),
  ]).toEqual([5, 11, 11, 25]);
});
