import { describe, expect, test } from 'vitest';
import { Ascending, aggregate, inputOf, problemOf } from './fixture.test-support.ts';
import { propertiesOf } from './properties.ts';
import { chooseAggregation } from './registry.ts';

const length = (vector: Float64Array): number => Math.hypot(...vector);
const state = (name: string, jacobian: readonly (readonly number[])[], losses: readonly number[]) => {
  const { aggregation, options } = chooseAggregation(name);
  const problem = problemOf(jacobian, losses);
  return aggregation.step(inputOf(problem), aggregation.init(jacobian.length, options), options);
};

describe('mistakes that others made', () => {
  test.each(['nash', 'gradnorm', 'mgda', 'imtl-g'])('%s in name, without gradients', (name) => {
    const losses = [1, 2];
    const [one, other] = [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [9, 0],
        [1, 1],
      ],
    ].map((jacobian) => aggregate(name, problemOf(jacobian, losses), {}, 3).weights);
    expect([...one!]).not.toEqual([...other!]);
  });

  test('GradNorm with mean^α for all tasks: each rate is the task’s own', () => {
    const { aggregation, options } = chooseAggregation('gradnorm');
    const jacobian = [
      [1, 0],
      [0, 1],
    ];
    let held = aggregation.init(2, options);
    held = aggregation.step(inputOf(problemOf(jacobian, [1, 1])), held, options).state;
    // The first task has halved its loss, the second has not moved: the second is to get a longer gradient.
    for (let step = 1; step < 20; step++)
      held = aggregation.step(inputOf(problemOf(jacobian, [0.5, 1]), { step }), held, options).state;
    const { weights } = aggregation.step(inputOf(problemOf(jacobian, [0.5, 1])), held, options);
    expect(weights[1]! - weights[0]!).toBeGreaterThan(0.5);
  });

  test('GradNorm: weights not renormalised', () => {
    const jacobian = [
      [5, 0],
      [0, 1],
      [1, 1],
    ];
    const { weights } = aggregate('gradnorm', problemOf(jacobian, [3, 1, 2]), {}, 50);
    expect(weights.reduce((sum, value) => sum + value, 0)).toBeCloseTo(3, 12);
    expect(weights[0]!).toBeLessThan(0.7);
  });

  test('GradNorm: the gradient of the weights does not reach the direction, nor the other way round', () => {
    // The step’s own direction has the weights from before; its new ones come with the next step.
    const found = state(
      'gradnorm',
      [
        [5, 0],
        [0, 1],
      ],
      [1, 1],
    );
    expect([...found.weights]).toEqual([1, 1]);
    // |w‖g‖ − Ḡ r^α| with Ḡ held constant: the long one goes down by the learning rate and the short one up.
    expect((found.state as { inner: { weights: number[] } }).inner.weights).toEqual([
      expect.closeTo(0.975, 9),
      expect.closeTo(1.025, 9),
    ]);
  });

  test('clip before backward: the direction itself is shortened, not what was there before it', () => {
    const problem = problemOf([
      [-40, 10, 10],
      [60, 10, 10],
    ]);
    const [clipped, free] = [aggregate('nash', problem), aggregate('nash:clip=0', problem)];
    expect(length(clipped.direction)).toBeCloseTo(1, 12);
    expect(length(free.direction)).toBeGreaterThan(10);
    clipped.direction.forEach((value, k) => {
      expect(value).toBeCloseTo(free.direction[k]! / length(free.direction), 12);
    });
    // Weights that are kept are shortened anew, for the gradients of the day.
    const { aggregation, options } = chooseAggregation('nash:every=10');
    const first = aggregation.step(inputOf(problem), aggregation.init(2, options), options);
    const longer = problemOf([
      [-4000, 1000, 1000],
      [60, 10, 10],
    ]);
    const later = aggregation.step(inputOf(longer, { step: 1 }), first.state, options);
    expect(length(aggregateWith(longer, later.weights))).toBeCloseTo(1, 12);
    expect(later.weights[0]! / later.weights[1]!).toBeCloseTo(first.weights[0]! / first.weights[1]!, 12);
  });

  test('PCGrad with a gⱼ that was projected already', () => {
    // Both conflict. With originals: p₁ = g₁ + ½g₂ and p₂ = g₂ + ½g₁; with p₁ in place of g₁ the second would differ.
    const { weights } = aggregate(
      'pcgrad',
      problemOf([
        [1, 0],
        [-0.5, Math.sqrt(0.75)],
      ]),
    );
    expect(weights[0]).toBeCloseTo(1.5, 12);
    expect(weights[1]).toBeCloseTo(1.5, 12);
  });

  test('PCGrad on the summed gradient', () => {
    // The sum conflicts with neither gradient; each of the two conflicts with the other.
    const { direction } = aggregate(
      'pcgrad',
      problemOf([
        [-4, 1, 1],
        [6, 1, 1],
      ]),
    );
    expect(direction[1]).not.toBeCloseTo(2, 1);
  });

  test('PCGrad in a fixed order: orders differ from task to task and from step to step', () => {
    const problem = problemOf([
      [1, 2, 0, 1],
      [-2, 1, 1, 0],
      [0.5, -1, 2, -1],
      [-1, -1, -1, 3],
    ]);
    const seen = new Set<string>();
    for (let step = 0; step < 40; step++) seen.add(String(aggregate('pcgrad', problem, { step }).weights));
    expect(seen.size).toBeGreaterThan(3);
    const again = aggregate('pcgrad', problem, { step: 5 }).weights;
    expect([...again]).toEqual([...aggregate('pcgrad', problem, { step: 5 }).weights]);
  });

  test('GradVac β and order: an average that starts at 0 and follows by β after each pair', () => {
    const jacobian = [
      [1, 0],
      [0.6, 0.8],
    ];
    expect(chooseAggregation('gradvac').options).toMatchObject({ beta: 0.01 });
    const { aggregation, options } = chooseAggregation('gradvac:beta=0.25');
    const random = new Ascending();
    const first = aggregation.step(
      inputOf(problemOf(jacobian), { random }),
      aggregation.init(2, options),
      options,
    );
    // Both cosines are 0.6 and above their goals of 0.
    expect([...first.weights]).toEqual([1, 1]);
    expect((first.state as { inner: { goals: number[] } }).inner.goals).toEqual([
      0,
      expect.closeTo(0.15, 12),
      expect.closeTo(0.15, 12),
      0,
    ]);
    // Now orthogonal, below the goals of 0.15: each turns by 0.15/√(1 − 0.15²) of the other.
    const second = aggregation.step(
      inputOf(
        problemOf([
          [1, 0],
          [0, 1],
        ]),
        { random, step: 1 },
      ),
      first.state,
      options,
    );
    const turn = 0.15 / Math.sqrt(1 - 0.15 ** 2);
    expect(second.weights[0]).toBeCloseTo(1 + turn, 12);
    expect(second.weights[1]).toBeCloseTo(1 + turn, 12);
  });

  test('IMTL-G / ConFIG / Aligned at stationary points', async () => {
    const stationary = problemOf([
      [1, 0],
      [-0.5, 1],
      [-0.5, -0.8],
    ]);
    // Without a guard weights of −4 to 5 and a direction of length 8 would come out.
    expect(length(aggregate('imtl-g', stationary).direction)).toBeLessThan(1e-9);
    expect(
      length(
        aggregate(
          'imtl-g',
          problemOf([
            [1, 2],
            [-2, -4],
          ]),
        ).direction,
      ),
    ).toBeLessThan(1e-9);
    // Next to it too, and where the sum of weights would turn the direction round.
    for (const jacobian of [
      [
        [1, 1e-3],
        [-1, 1e-3],
      ],
      [
        [1, 0.1],
        [-100, 200],
      ],
      [
        [1, 0],
        [100, 1],
        [-30, 30],
      ],
    ]) {
      const problem = problemOf(jacobian);
      const { direction } = aggregate('imtl-g', problem);
      expect(length(direction)).toBeLessThanOrEqual(Math.max(...problem.jacobian.map(length)) * (1 + 1e-9));
      for (const row of problem.jacobian)
        expect(row.reduce((sum, value, k) => sum + value * direction[k]!, 0)).toBeGreaterThan(0);
    }
    // The other two are as published, and their properties say so.
    for (const name of ['conflict-free', 'aligned'])
      expect((await propertiesOf(chooseAggregation(name))).stationarySafe).toBe(false);
    expect((await propertiesOf(chooseAggregation('imtl-g'))).stationarySafe).toBe(true);
  });

  test('pairwise projection does not rule out conflicts; projection on the cone does', async () => {
    expect((await propertiesOf(chooseAggregation('pcgrad'))).nonConflicting).toBe(false);
    for (const name of ['upgrad', 'dualproj', 'mgda', 'fairgrad', 'nash', 'imtl-g'])
      expect((await propertiesOf(chooseAggregation(name))).nonConflicting, name).toBe(true);
  });
});

function aggregateWith(problem: ReturnType<typeof problemOf>, weights: Float64Array): Float64Array {
  const [first] = problem.jacobian;
  return first!.map((_, k) => problem.jacobian.reduce((sum, row, t) => sum + weights[t]! * row[k]!, 0));
}
