import { expect, test } from 'vitest';
import { meanOverMetrics, meanOverTasks, meanRanks, seesaw, winsAndLosses } from './conventions.ts';
import { relativeChanges } from './delta.ts';

// NYUv2 with SegNet, A. Navon et al.: Multi-task learning as a bargaining game. ICML 2022: segmentation (mIoU,
// pixel accuracy), depth (absolute, relative error), surface normals (mean, median, within 11.25°, 22.5°, 30°).
const ALONE = [38.3, 63.76, 0.6754, 0.278, 25.01, 19.21, 30.14, 57.2, 69.15];
const HIGHER = [true, true, false, false, false, false, true, true, true];
const PUBLISHED: [method: string, row: number[], lossesPositive: number][] = [
  ['equal weights', [39.29, 65.33, 0.5493, 0.2263, 28.15, 23.96, 22.09, 47.5, 61.08], 5.59],
  ['RLW', [37.17, 63.77, 0.5759, 0.241, 28.27, 24.18, 22.26, 47.05, 60.62], 7.78],
  ['DWA', [39.11, 65.31, 0.551, 0.2285, 27.61, 23.18, 24.17, 50.18, 62.39], 3.57],
  ['uncertainty', [36.87, 63.17, 0.5446, 0.226, 27.04, 22.61, 23.54, 49.05, 63.65], 4.05],
  ['MGDA', [30.47, 59.9, 0.607, 0.2555, 24.88, 19.45, 29.18, 56.88, 69.36], 1.38],
  ['PCGrad', [38.06, 64.64, 0.555, 0.2325, 27.41, 22.8, 23.86, 49.83, 63.14], 3.97],
  ['GradDrop', [39.39, 65.12, 0.5455, 0.2279, 27.48, 22.96, 23.38, 49.44, 62.87], 3.58],
  ['CAGrad', [39.79, 65.49, 0.5486, 0.225, 26.31, 21.58, 25.61, 52.36, 65.58], 0.2],
  ['Nash-MTL', [40.13, 65.93, 0.5261, 0.2171, 25.26, 20.08, 28.4, 55.47, 68.15], -4.04],
];

/** Δ of a row, [task][metric]. */
function changesOf(row: readonly number[]): (number | null)[][] {
  const [delta] = relativeChanges([row], [ALONE], HIGHER);
  return [delta!.slice(0, 2), delta!.slice(2, 4), delta!.slice(4)];
}

test.each(PUBLISHED)('Δm of %s is the published one', (_, row, lossesPositive) => {
  expect(Math.abs(meanOverMetrics(changesOf(row))! + lossesPositive)).toBeLessThan(0.01);
});

test('by metric, normals with their five weigh most; by task all weigh the same', () => {
  const changes = [
    [10, 20],
    [-4, -8, null, -6],
  ];
  expect(meanOverMetrics(changes)).toBeCloseTo(12 / 5, 12);
  expect(meanOverTasks(changes)).toBeCloseTo((15 - 6) / 2, 12);
  const equal = changesOf(PUBLISHED[0]![1]);
  // (2.525 + 18.633 − 18.524) / 3: three tasks against alone, better by task and worse by metric.
  expect(meanOverTasks(equal)).toBeCloseTo(0.878, 3);
  expect([meanOverMetrics([[null], []]), meanOverTasks([[null], []])]).toEqual([null, null]);
});

test('mean rank: ties share, directions count, what is missing has none', () => {
  const scores = [
    [0.9, 5, null],
    [0.8, 5, 1],
    [0.8, 4, 2],
    [null, null, null],
  ];
  expect(meanRanks(scores, [true, false, true])).toEqual([
    (1 + 2.5) / 2,
    (2.5 + 2.5 + 2) / 3,
    (2.5 + 1 + 1) / 3,
    null,
  ]);
});

test('the seesaw counts tasks by the sign of their mean', () => {
  expect(seesaw([[3, -1], [-2, 1], [0, 0], [null], [5]])).toEqual({ improved: 2, harmed: 1 });
  expect(seesaw(changesOf(PUBLISHED[0]![1]))).toEqual({ improved: 2, harmed: 1 });
});

test('wins and losses want an interval beyond 0', () => {
  const deltas = [
    { mean: 2, low: 1, high: 3 },
    { mean: 2, low: -1, high: 5 },
    { mean: -2, low: -3, high: -1 },
    { mean: 9, low: null, high: null },
    null,
    { mean: 1, low: 0.5, high: 1.5 },
  ];
  expect(winsAndLosses(deltas)).toEqual({ wins: 2, losses: 1 });
});
