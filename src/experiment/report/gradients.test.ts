import { expect, test } from 'vitest';
import type { EvaluationPoint } from '../../optimization/index.ts';
import { fiveTasks, looked, weighed, weighedForLong } from './fixtures.ts';
import { ALL_LAYERS, gradientFrames } from './gradient-frames.ts';
import { geometricMeans, gradientsView } from './gradients.ts';
import { renderReport } from './page.ts';

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

const seen = (step: number, cosine: number | null, layer: number | null): EvaluationPoint => ({
  ...base,
  step,
  observed: {
    looks: 3,
    norms: [2, null, 4],
    conflicts: cosine === null ? null : 0.5,
    whole: [[], [null], [cosine, null]],
    layers: { 'trunk/mlp/0': [[], [null], [layer, null]] },
  },
});

test('where no aggregation compared gradients, the view is what looks saw', () => {
  const view = gradientsView([seen(10, null, null), { ...base, step: 20 }, seen(30, -0.25, 0.5)])!;
  expect(view).toMatchObject({
    looks: 6,
    steps: [10, 30],
    norms: [
      [2, 2],
      [null, null],
      [4, 4],
    ],
    conflicts: [null, 0.5],
    condition: [null, null],
    similarity: [null, null],
    pairs: [{ tasks: [0, 2], values: [null, -0.25], mean: -0.25, last: -0.25 }],
  });
  expect(gradientsView([...curve({}), seen(20, 1, 1)])).not.toHaveProperty('looks');
});

test('the report says that it is looks, and does not tell what they do not', () => {
  const text = /<section class="objective">.*?<\/section>/s.exec(renderReport(looked()))![0];
  expect(text).toContain('<h2>Gradients</h2>');
  expect(text.match(/as 20 looks at the training of the first seed saw it/g)).toHaveLength(2);
  expect(text).toContain('At the last look');
  expect(text.match(/: norm of the gradient over training steps/g)).toHaveLength(5);
  expect(text.match(/<svg class="strip" role="img" viewBox="0 0 10 1"/g)).toHaveLength(10);
  expect(text).toContain('<b>Conflicts</b>');
  expect(text).not.toMatch(/Condition|Similarity|between evaluations/);
  expect(renderReport(weighed())).toContain('<h2>Weighing</h2>');
});

test('frames of the slider: all layers together, then each; a task that met nobody stands empty', () => {
  const [whole, layer, ...rest] = gradientFrames({
    curve: [seen(10, 0.5, null), { ...base, step: 20 }, seen(30, -0.25, 0.75)],
  });
  expect(rest).toEqual([]);
  expect(whole).toEqual({
    name: ALL_LAYERS,
    frames: [0.5, -0.25].map((cosine, i) => ({
      step: [10, 30][i],
      cosines: [
        [null, null, cosine],
        [null, null, null],
        [cosine, null, null],
      ],
    })),
  });
  expect(layer!.name).toBe('trunk/mlp/0');
  expect(layer!.frames.map(({ cosines }) => cosines[0]![2])).toEqual([null, 0.75]);
});

const pair = (cosine: number): (number | null)[][] => [
  [null, cosine],
  [cosine, null],
];

test('frames are what an aggregation compared, where it did; older runs have one, of all looks', () => {
  const points = [...curve({ cosines: square(0.1) }), seen(20, 0.5, 0.25)];
  const [whole, layer] = gradientFrames({ curve: points });
  expect(whole!.frames).toEqual([{ step: 10, cosines: pair(0.1) }]);
  expect(layer!.frames.map(({ step }) => step)).toEqual([20]);
  const met = { norms: [1, 1], cosines: square(-0.5), cosine: -0.5, conflicts: 1 };
  const json = { tasks: ['a', 'b'], rows: 'target', values: square(0) } as const;
  const observed = {
    looks: 4,
    whole: met,
    layers: [{ name: 'trunk', ...met }],
    affinity: { kind: 'first-order', values: json },
    cosine: json,
  } as const;
  expect(gradientFrames({ curve: [base], observed })).toEqual(
    [ALL_LAYERS, 'trunk'].map((name) => ({ name, frames: [{ cosines: pair(-0.5) }] })),
  );
  expect(gradientFrames({ curve: [base] })).toEqual([]);
});

test('geometric means, of what is there', () => {
  expect(
    geometricMeans([
      [1, null, null],
      [100, 4, null],
    ]),
  ).toEqual([expect.closeTo(10, 12), expect.closeTo(4, 12), null]);
});
