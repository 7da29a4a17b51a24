import { expect, test } from 'vitest';
import type { EvaluationPoint } from '../../optimization/index.ts';
import { fiveTasks, weighedForLong } from './fixtures.ts';
import { geometricMeans, gradientsView } from './gradients.ts';

type Gradients = NonNullable<EvaluationPoint['gradients']>;

const base = fiveTasks().multi.curve[0]!;
const curve = (...gradients: readonly Partial<Gradients>[]): EvaluationPoint[] =>
  gradients.map((own, i) => ({
    ...base,
    step: 10 * (i + 1),
    gradients: { norms: [1, 1], cosines: [], conflicts: 0, similarity: 1, condition: 1, ...own },
  }));
const square = (cosine: number | null): (number | null)[][] => [
  [1, cosine],
  [cosine, 1],
];

test('up to 60 evaluations are a column each', () => {
  const view = gradientsView(
    curve(
      { norms: [1, 0], conflicts: 0.5, similarity: 0.25, condition: null, cosines: square(null) },
      { norms: [3, 2], conflicts: 0.1, similarity: null, condition: 4, cosines: square(-0.5) },
    ),
  )!;
  expect(view).toMatchObject({
    steps: [10, 20],
    norms: [
      [1, 3],
      [null, 2],
    ],
    conflicts: [0.5, 0.1],
    similarity: [0.25, null],
    condition: [null, 4],
    pairs: [{ tasks: [0, 1], values: [null, -0.5], mean: -0.5, last: -0.5 }],
  });
});

test('of more evaluations each column is a mean, and of condition numbers a median', () => {
  const points = Array.from({ length: 121 }, (_, i) => ({
    norms: [i % 3 === 0 ? 0 : i, 1],
    condition: i % 3 === 0 ? null : i,
    conflicts: i,
    cosines: square(i % 3 === 0 ? null : i / 1000),
  }));
  const view = gradientsView(curve(...points))!;
  expect(view.steps).toHaveLength(41);
  expect([view.steps[0], view.steps.at(-1)]).toEqual([30, 1210]);
  // Of 3, 4 and 5, the first is not there; the last column is 120 alone.
  expect([view.norms[0]![1], view.norms[0]!.at(-1)]).toEqual([4.5, null]);
  expect([view.conflicts[1], view.conflicts.at(-1)]).toEqual([4, 120]);
  expect(view.pairs[0]!.values[1]).toBeCloseTo(0.0045, 12);
  // Of ∞, 4 and 5.
  expect([view.condition[1], view.condition.at(-1)]).toEqual([5, null]);
  const pairs = Array.from({ length: 62 }, (_, i) => ({ condition: i < 2 ? 4 + 2 * i : i % 2 ? null : i }));
  expect(gradientsView(curve(...pairs))!.condition.slice(0, 2)).toEqual([5, null]);
});

test('pairs stand by their means over all evaluations, and those who never met are left out', () => {
  const of = (ab: number, ac: number): (number | null)[][] => [
    [1, ab, ac, null],
    [ab, 1, 0.3, null],
    [ac, 0.3, 1, null],
    [null, null, null, null],
  ];
  const norms = [1, 1, 1, 0];
  const view = gradientsView(curve({ norms, cosines: of(0.9, 0.2) }, { norms, cosines: of(-0.5, 0.1) }))!;
  expect(view.pairs.map(({ tasks, last }) => [tasks, last])).toEqual([
    [[0, 2], 0.1],
    [[0, 1], -0.5],
    [[1, 2], 0.3],
  ]);
  expect(view.pairs[1]!.mean).toBeCloseTo(0.2, 12);
});

test('no gradients: no view; without cosines no pairs', () => {
  expect(gradientsView([base])).toBeUndefined();
  expect(gradientsView(curve({}))!.pairs).toEqual([]);
  expect(gradientsView(weighedForLong().multi.curve)!.pairs).toHaveLength(28);
});

test('geometric means, of what is there', () => {
  expect(
    geometricMeans([
      [1, null, null],
      [100, 4, null],
    ]),
  ).toEqual([expect.closeTo(10, 12), expect.closeTo(4, 12), null]);
});
