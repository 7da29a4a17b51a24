import { expect, test } from 'vitest';
import { chooseBest } from './choose.ts';

const candidate = (...scores: number[]) => ({
  scores,
  seeds: scores.map((_, i) => 10 + i) as never,
});

test('the joint model, unless separate ones are better by more than the seeds scatter', () => {
  const joint = candidate(0.5, 0.6, 0.55);
  expect(chooseBest(joint).trained).toBe(joint);
  const level = candidate(0.5, 0.6, 0.55);
  expect(chooseBest(joint, level).trained).toBe(joint);
  // Differences 0.2, −0.1, 0: their mean 0.033 is below their standard error 0.088.
  expect(chooseBest(joint, candidate(0.7, 0.5, 0.55)).trained).toBe(joint);
  const better = candidate(0.6, 0.7, 0.64);
  expect(chooseBest(joint, better)).toEqual({ trained: better, seed: 11 });
});

test('of a single seed the better score decides; of several the best seed is exported', () => {
  const joint = candidate(0.5);
  const apart = candidate(0.51);
  expect(chooseBest(joint, apart).trained).toBe(apart);
  expect(chooseBest(apart, joint).trained).toBe(apart);
  expect(chooseBest(candidate(0.1, 0.9, 0.3)).seed).toBe(11);
});
