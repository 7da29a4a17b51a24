import { expect, test } from 'vitest';
import { drive, tasksOf } from '../drive.test-support.ts';

/** One step an epoch with these losses. */
const byEpoch = (
  method: string,
  losses: readonly (readonly number[])[],
  present?: (step: number) => number[],
) =>
  drive({
    method,
    tasks: tasksOf(losses[0]!.length),
    steps: losses.length,
    stepsPerEpoch: 1,
    batch: (step) => losses[step]!,
    ...(present && { present }),
  });

test('DWA: ones for two epochs, then T softmax(r/τ)', async () => {
  const { weights } = await byEpoch('dwa', [
    [2, 1],
    [1, 1.5],
    [9, 9],
  ]);
  expect(weights.slice(0, 2)).toEqual([
    [1, 1],
    [1, 1],
  ]);
  // r = (0.5, 1.5): softmax(0.25, 0.75) = 1/(1 + e^±0.5).
  expect(weights[2]![0]).toBeCloseTo(2 / (1 + Math.exp(0.5)), 12);
  expect(weights[2]![1]).toBeCloseTo(2 / (1 + Math.exp(-0.5)), 12);
});

test('DWA: the ratio is of means over epochs, and the temperature divides it', async () => {
  const losses = [
    [3, 1],
    [1, 1],
    [1, 2],
    [1, 4],
    [5, 5],
    [5, 5],
  ];
  const { weights } = await drive({
    method: 'dwa:temperature=0.5',
    tasks: tasksOf(2),
    steps: 6,
    stepsPerEpoch: 2,
    batch: (step) => losses[step]!,
  });
  // Means (2, 1) then (1, 3): r = (0.5, 3), over τ (1, 6).
  expect(weights[4]![0]).toBeCloseTo(2 / (1 + Math.exp(5)), 12);
});

test('DWA: a task without a loss in an epoch counts as one that stays where it is', async () => {
  const { weights } = await byEpoch(
    'dwa',
    [
      [2, 1],
      [1, 1],
      [1, 1],
    ],
    (step) => [1, Number(step !== 1)],
  );
  expect(weights[1]).toEqual([1, 0]);
  expect(weights[2]![0]).toBeCloseTo(2 / (1 + Math.exp((1 - 0.5) / 2)), 12);
});

test('STCH: Σ ln L first, and its last epoch is the nadir', async () => {
  const { weights } = await byEpoch('stch:epochs=2', [
    [7, 7],
    [2, 1],
    [1, 1],
    [4, 1],
  ]);
  expect(weights[0]).toEqual([1 / 7, 1 / 7]);
  expect(weights[1]).toEqual([1 / 2, 1]);
  // Against (2, 1): u = ln (½, 1), softmax (⅓, ⅔), times 2, over L.
  expect(weights[2]![0]).toBeCloseTo(2 / 3, 12);
  expect(weights[2]![1]).toBeCloseTo(4 / 3, 12);
  // And the nadir stays: u = ln (2, 1), softmax (⅔, ⅓).
  expect(weights[3]![0]).toBeCloseTo(4 / 3 / 4, 12);
});
