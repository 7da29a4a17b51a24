import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relativeChange } from '../../diagnosis/index.ts';
import { fakeRun, fiveTasks, folded, twoTasks } from '../report/fixtures.ts';
import type { RunResult } from '../result.ts';
import { checkComparable } from './check-comparable.ts';
import { groundKey, groundOf } from './common-ground.ts';
import { compareResults } from './compare-results.ts';
import { namesOf } from './compare-runs.ts';
import type { Comparison } from './comparison.ts';

const compared = (results: readonly RunResult[], baseline = 0): Comparison =>
  compareResults(
    results.map((result, i) => ({ name: `run ${i}`, result, settings: { 'training.batchSize': 2 ** i } })),
    ['training.batchSize'],
    baseline,
  );

/** A run whose asked way reached these scores. */
const reaching = (test: (number | null)[][], seeds = test.map((_, s) => s)): RunResult => {
  const run = twoTasks();
  return { ...run, seeds, multi: { ...run.multi, test } };
};

test('three runs by hand: gains against the baseline, ranks, means and deviations', () => {
  // income by auc, higher is better; hours by rmse, lower is better.
  const baseline = reaching([
    [0.8, 10],
    [0.8, 10],
  ]);
  const better = reaching([
    [0.88, 9],
    [0.88, 9],
  ]);
  const unsure = reaching([
    [0.84, 11],
    [0.8, 9.5],
  ]);
  const { runs, baseline: name, intervalOver } = compared([baseline, better, unsure]);
  expect({ name, intervalOver }).toEqual({ name: 'run 0', intervalOver: 'seeds' });
  const [first, second, third] = runs;
  expect(first).toMatchObject({ standing: 'baseline', delta: null, meanRank: 2.5 });
  expect(second!.delta!.mean).toBeCloseTo(10, 9);
  expect(second!.delta!.low).toBeCloseTo(10, 9);
  expect(second).toMatchObject({ standing: 'better', wins: 2, losses: 0, meanRank: 1 });
  expect(second!.settings).toEqual({ 'training.batchSize': 2 });
  // Seeds: (5 − 10) / 2 and (0 + 5) / 2.
  expect(third!.delta!.mean).toBeCloseTo(0, 9);
  expect(third).toMatchObject({ standing: 'undecided', wins: 0, meanRank: 2.5 });
  expect(third!.tasks[0]!.score!.mean).toBeCloseTo(0.82, 12);
  expect(third!.tasks[0]!.score!.deviation).toBeCloseTo(0.04 / Math.SQRT2, 12);
});

test('runs are paired by the seeds that they share; with none, the means stand without an interval', () => {
  const baseline = reaching(
    [
      [0.5, 10],
      [0.8, 10],
      [0.9, 10],
    ],
    [0, 1, 2],
  );
  const run = reaching(
    [
      [0.88, 10],
      [0.99, 10],
    ],
    [1, 2],
  );
  const [, paired] = compared([baseline, run]).runs;
  expect(paired!.paired).toEqual([1, 2]);
  expect(paired!.tasks[0]!.delta!.mean).toBeCloseTo(10, 9);
  const apart = compared([baseline, { ...run, seeds: [7, 8] }]);
  expect(apart.intervalOver).toBe('nothing');
  expect(apart.runs[1]).toMatchObject({ paired: [], standing: 'undecided', delta: { low: null } });
  const change = relativeChange((0.88 + 0.99) / 2, (0.5 + 0.8 + 0.9) / 3, true)!;
  expect(apart.runs[1]!.tasks[0]!.delta!.mean).toBeCloseTo(change, 9);
});

test('runs in folds are paired by fold', () => {
  const run = folded();
  const swapped = { ...run, folds: run.folds!.map((fold) => ({ ...fold, multi: fold.independent! })) };
  const { intervalOver, runs, data } = compared([swapped, run]);
  expect({ intervalOver, folds: data.folds }).toEqual({ intervalOver: 'folds', folds: 5 });
  const { diagnosis } = run;
  expect(runs[1]!.delta).toEqual(diagnosis!.delta);
  expect(runs[1]!.tasks.map(({ delta }) => delta)).toEqual(diagnosis!.tasks.map(({ delta }) => delta));
});

test('any scores: who gains against one loses against the other, and ranks are shared', () => {
  const score = fc.double({ min: 0.1, max: 10, noNaN: true });
  const scores = fc.tuple(score, score);
  fc.assert(
    fc.property(scores, scores, (one, other) => {
      const runs = [reaching([one]), reaching([other])];
      const [forth, back] = [compared(runs, 0), compared(runs, 1)];
      forth.runs[1]!.tasks.forEach(({ delta }, t) => {
        expect(Math.sign(delta!.mean) + Math.sign(back.runs[0]!.tasks[t]!.delta!.mean)).toBe(0);
      });
      expect(forth.runs[0]!.meanRank! + forth.runs[1]!.meanRank!).toBe(3);
      expect(forth.runs.map(({ meanRank }) => meanRank)).toEqual(back.runs.map(({ meanRank }) => meanRank));
    }),
  );
});

test.each<[string, (run: RunResult) => RunResult, string]>([
  ['data', (run) => ({ ...run, data: { ...run.data, fingerprint: 'other' } }), ': data'],
  ['split', (run) => ({ ...run, data: { ...run.data, split: 'other' } }), ': split'],
  ['tasks', (run) => ({ ...run, tasks: run.tasks.slice(1) }), ': tasks'],
  ['folds', () => folded(), ': folds'],
])('other %s are refused', (_, change, path) => {
  const grounded = (result: RunResult) => ({ run: result.run, ground: groundOf(result) });
  const [run, other] = [grounded(fiveTasks()), grounded(change(fiveTasks()))];
  expect(() => checkComparable([run, other], run)).toThrow(
    expect.objectContaining({ code: 'runs-differ', path: expect.stringContaining(path) }),
  );
  expect(() => checkComparable([run, run], run)).not.toThrow();
  expect(groundKey(run.ground)).toMatch(/^[0-9a-f]{16}$/);
  expect(groundKey(other.ground)).not.toBe(groundKey(run.ground));
});

test('names are the last parts of paths, as long as these tell runs apart', () => {
  expect(namesOf(['/a/one', '/a/two'])).toEqual(['one', 'two']);
  expect(namesOf(['/a/one', '/b/one', '/b/two'])).toEqual(['/a/one', '/b/one', 'two']);
});

test('a score that is not defined is no score', () => {
  const none = fakeRun({
    tasks: [
      {
        name: 'a',
        kind: 'binary',
        metric: 'auc',
        higherIsBetter: true,
        alone: 0.8,
        effect: 1,
        noise: 1,
        missing: true,
      },
    ],
  });
  const { runs } = compared([none, none]);
  expect(runs[1]).toMatchObject({
    delta: null,
    standing: 'undecided',
    meanRank: null,
    tasks: [{ score: null }],
  });
});
