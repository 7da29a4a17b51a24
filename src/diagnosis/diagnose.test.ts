import { expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type Case, synthetic } from './fixtures.ts';
import type { Verdict } from './verdict.ts';

const cases = (effects: readonly number[], noise: number): Case[] =>
  effects.map((effect, i) => ({ name: `task ${i}`, effect, noise, higherIsBetter: i % 2 === 0 }));

test('two seeds by hand', () => {
  const trial = (test: (number | null)[][], total: number) => ({
    test,
    curve: [],
    parameters: { total },
    fileBytes: 0,
    latencyMs: total,
  });
  const diagnosis = diagnose({
    tasks: [
      { name: 'a', metric: 'auc', higherIsBetter: true },
      { name: 'b', metric: 'rmse', higherIsBetter: false },
      { name: 'c', metric: 'r2', higherIsBetter: true },
    ],
    multi: trial(
      [
        [0.88, 9, 0.1],
        [0.84, 10, null],
      ],
      25,
    ),
    independent: trial(
      [
        [0.8, 10, 0],
        [0.8, 10, 0.2],
      ],
      100,
    ),
  });
  const [a, b, c] = diagnosis.tasks;
  expect(a?.delta?.mean).toBeCloseTo(7.5, 9);
  expect(a?.multi).toBeCloseTo(0.86, 12);
  expect(b?.delta?.mean).toBeCloseTo(5, 9);
  expect(c).toMatchObject({
    delta: null,
    verdict: 'undecided',
    effect: 'undecided',
    clear: false,
    quicker: null,
  });
  // Seeds: (10 + 10) / 2 and (5 + 0) / 2.
  expect(diagnosis.delta?.mean).toBeCloseTo(6.25, 9);
  expect(diagnosis.smaller).toEqual({ parameters: 0.25, fileBytes: 1, latency: 0.25 });
  expect(diagnosis).toMatchObject({ verdict: 'undecided', intervalOver: 'seeds', wins: 0, losses: 0 });
});

test('one seed without resamples claims nothing; with resamples the rows decide', () => {
  const input = synthetic(cases([5, 6], 0), 1);
  expect(diagnose(input)).toMatchObject({ verdict: 'undecided', intervalOver: 'nothing' });
  const random = new RandomStream(0, 'rows');
  const around = (centre: number): number[] =>
    Array.from({ length: 1000 }, (_, i) => centre + random.normal(i, centre));
  expect(diagnose({ ...input, resampled: [around(5), around(6)] })).toMatchObject({
    verdict: 'share',
    intervalOver: 'rows',
    wins: 2,
    tasks: [{ clear: true }, { clear: true }],
  });
});

test('turning the direction of every metric around turns the verdict around', () => {
  const input = synthetic(cases([6, 5, 7], 1), 5);
  const turned = {
    ...input,
    tasks: input.tasks.map((task) => ({ ...task, higherIsBetter: !task.higherIsBetter })),
  };
  const [one, other] = [diagnose(input), diagnose(turned)];
  expect(one.verdict).toBe('share');
  expect(other.verdict).toBe('separate');
  one.tasks.forEach((task, t) => {
    expect(other.tasks[t]?.delta?.mean).toBeCloseTo(-task.delta!.mean, 9);
  });
});

test('exchanging joint and independent exchanges who is helped and hurt, and the verdict', () => {
  const swap = (verdict: Verdict): Verdict =>
    verdict === 'share' ? 'separate' : verdict === 'separate' ? 'share' : verdict;
  for (const effects of [
    [6, 8, 5],
    [-6, -8, -7],
    [9, -9, 8],
  ]) {
    const input = synthetic(cases(effects, 1), 6);
    const one = diagnose(input);
    const other = diagnose({ ...input, multi: input.independent, independent: input.multi });
    expect(other.verdict).toBe(swap(one.verdict));
    expect([other.wins, other.losses]).toEqual([one.losses, one.wins]);
    expect(other.smaller.parameters).toBeCloseTo(1 / one.smaller.parameters, 9);
  }
});

test('a diagnosis survives JSON', () => {
  const diagnosis = diagnose(synthetic(cases([1, -1], 3), 3));
  expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
});

/** The share of seeded draws in which a claim holds. */
function rate(tasks: readonly Case[], seeds: number, holds: (diagnosis: Diagnosis) => boolean): number {
  const draws = 200;
  let held = 0;
  for (let draw = 0; draw < draws; draw++) if (holds(diagnose(synthetic(tasks, seeds, draw)))) held++;
  return held / draws;
}

const FIVE = [5, 4, 6, 5, 4];
test.each<[string, readonly number[], number, number, Verdict]>([
  ['all gain', FIVE, 1, 5, 'share'],
  ['all lose', FIVE.map((effect) => -effect), 1, 5, 'separate'],
  ['some gain, some lose', [6, 7, -6, 5, -7], 1, 5, 'mixed'],
  ['one loses, the mean does not', [4, 4, -8, 4], 1, 5, 'mixed'],
  ['no difference, little noise', [0, 0, 0], 0.2, 5, 'share'],
  ['no difference, much noise', [0, 0, 0], 8, 3, 'undecided'],
  [
    '139 tasks, a fifth gains, the rest is the same',
    Array.from({ length: 139 }, (_, i) => (i % 5 ? 0 : 8)),
    3,
    4,
    'share',
  ],
])('%s: right in 90 of 100', (_, effects, noise, seeds, verdict) => {
  expect(
    rate(cases(effects, noise), seeds, (diagnosis) => diagnosis.verdict === verdict),
  ).toBeGreaterThanOrEqual(0.9);
});

// Nothing to find: one in twenty intervals is wrong by design, that of the mean or that of a task.
test.each([2, 5, 139])('%i tasks of pure noise are rarely called mixed or separate', (n) => {
  const tasks = cases(
    Array.from({ length: n }, () => 0),
    10,
  );
  expect(
    rate(tasks, 3, ({ verdict }) => verdict === 'undecided' || verdict === 'share'),
  ).toBeGreaterThanOrEqual(0.88);
});
