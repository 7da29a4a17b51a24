import { expect, test } from 'vitest';
import { tensorData } from '../engine/index.ts';
import { watchedObjective } from './history.ts';

/** Two steps of one seed and two tasks. */
const told = (losses: readonly number[], weights: readonly number[]): Parameters<typeof watchedObjective> => [
  [
    {
      losses: tensorData(Float32Array.from(losses), [2, 1, 2]),
      weights: tensorData(Float32Array.from(weights), [2, 1, 2]),
    },
  ],
  1,
];

test('weights are kept where one is not 1, also where they are 1 and 0 in every step', () => {
  expect(watchedObjective(...told([3, 1, 3, 1], [1, 0, 0.5, 0.5]))).toEqual({ weights: [[0.75, 0.25]] });
  expect(watchedObjective(...told([3, 1, 3, 1], [1, 0, 1, 0]))).toEqual({ weights: [[1, 0]] });
});

test('where all are 1 there is nothing to keep, whatever the weight of a task without labels', () => {
  expect(watchedObjective(...told([3, 1, 3, 1], [1, 1, 1, 1]))).toEqual({});
  expect(watchedObjective(...told([3, 0, 3, 0], [1, 0, 1, 0]))).toEqual({});
});
