import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affinityFrom } from '../affinity.ts';
import { agreeingGroups } from './agreeing-groups.ts';

const of = (values: readonly (readonly (number | null)[])[]) =>
  affinityFrom({ tasks: values.map((_, t) => `t${t}`), rows: 'target', values });

describe('by hand', () => {
  test('tasks that help each other more than they harm stand together, one that only harms alone', () => {
    const found = agreeingGroups(
      of([
        [0, 2, -4],
        [2, 0, -4],
        [1, -1, 0],
      ]),
    );
    expect(found).toMatchObject({
      groups: [[0, 1], [2]],
      servedBy: [0, 0, 1],
      scores: [2, 2, 0],
      exact: true,
    });
    expect(found.mean).toBeCloseTo(4 / 3, 12);
  });

  test('one group where nobody harms, as many as tasks where all do', () => {
    const all = (value: number) => of([0, 1, 2].map((t) => [0, 1, 2].map((u) => (t === u ? 9 : value))));
    expect(agreeingGroups(all(0.1)).groups).toEqual([[0, 1, 2]]);
    expect(agreeingGroups(all(-0.1)).groups).toEqual([[0], [1], [2]]);
  });

  test('a gain outweighs a smaller harm the other way', () => {
    expect(
      agreeingGroups(
        of([
          [0, 3],
          [-1, 0],
        ]),
      ).groups,
    ).toEqual([[0, 1]]);
    expect(
      agreeingGroups(
        of([
          [0, 1],
          [-3, 0],
        ]),
      ).groups,
    ).toEqual([[0], [1]]);
  });

  test('pairs that were not measured are an error, unless it is said what they count as', () => {
    const affinity = of([
      [0, null],
      [1, 0],
    ]);
    expect(() => agreeingGroups(affinity)).toThrow(/none of what "t0" gains from "t1"/);
    expect(agreeingGroups(affinity, { unknown: 0 }).groups).toEqual([[0, 1]]);
  });
});

const matrix = (size: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  });

test('no other partition of four tasks has a higher sum', () => {
  const partitions = [...Array(256).keys()].map((code) => [0, 1, 2, 3].map((t) => (code >> (2 * t)) & 3));
  fc.assert(
    fc.property(matrix(4), (values) => {
      const sum = (labels: readonly number[]): number =>
        labels.reduce(
          (total, label, t) =>
            total +
            labels.reduce((own, other, u) => own + (t !== u && other === label ? values[t]![u]! : 0), 0),
          0,
        );
      const best = Math.max(...partitions.map(sum));
      const { servedBy, mean, scores } = agreeingGroups(of(values));
      expect(sum(servedBy)).toBe(best);
      expect(4 * mean).toBeCloseTo(best, 9);
      expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(best, 9);
    }),
  );
});

test('of many tasks clusters are found, and the bound holds', () => {
  const values = Array.from({ length: 30 }, (_, t) =>
    Array.from(
      { length: 30 },
      (_own, u) => ((t - u) % 3 === 0 ? 1 : -0.4) + 0.3 * Math.sin(17 * t + 5 * u * u),
    ),
  );
  const { groups, servedBy, bound, mean } = agreeingGroups(of(values));
  expect(groups).toHaveLength(3);
  expect(servedBy).toEqual(values.map((_, t) => t % 3));
  expect(bound).toBeGreaterThanOrEqual(mean);
});
