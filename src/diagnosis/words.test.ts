import { expect, test } from 'vitest';
import { diagnose, type TrialOutcome } from './diagnose.ts';
import type { Diagnosis, TaskDiagnosis } from './diagnosis.ts';
import { change, list, percent, portionOf, range } from './phrases.ts';
import { seedsNeeded } from './seeds-needed.ts';
import { studentQuantile } from './student.ts';
import { describe } from './words.ts';

/** A task by the mean and half the width of its interval. */
const task = (
  name: string,
  mean: number,
  half: number | null,
  more: Partial<TaskDiagnosis> = {},
): TaskDiagnosis => {
  const low = half === null ? null : mean - half;
  const high = half === null ? null : mean + half;
  const effect =
    low === null || high === null
      ? 'undecided'
      : low > 0
        ? 'helped'
        : high < 0
          ? 'hurt'
          : low >= -1 && high <= 1
            ? 'equal'
            : 'undecided';
  return {
    name,
    multi: 0.8,
    independent: 0.8,
    delta: { mean, low, high },
    verdict: 'undecided',
    effect,
    clear: effect === 'helped' || effect === 'hurt',
    quicker: null,
    overfitting: { multi: null, independent: null },
    ...more,
  };
};

const facts = (tasks: TaskDiagnosis[], more: Partial<Diagnosis> = {}): Omit<Diagnosis, 'words'> => ({
  verdict: 'undecided',
  delta: { mean: 1, low: -2, high: 4 },
  tasks,
  intervalOver: 'seeds',
  wins: tasks.filter(({ effect }) => effect === 'helped').length,
  losses: tasks.filter(({ effect }) => effect === 'hurt').length,
  conventions: { meanOverTasks: null, meanOverMetrics: null },
  seesaw: { improved: 0, harmed: 0 },
  ranks: { multi: 1, independent: 2 },
  smaller: { parameters: 0.31, fileBytes: 1, latency: 1.3 },
  ...more,
});

test.each<[string, Omit<Diagnosis, 'words'>, string[]]>([
  [
    'share',
    facts([task('a', 3, 1), task('b', 1.2, 0.5)], {
      verdict: 'share',
      delta: { mean: 2.1, low: 1, high: 3.2 },
    }),
    [
      'Make these one model.',
      'On average the 2 tasks do 2.1 % better together than apart (95 % interval: 1.0 to 3.2 % better).',
      'Sharing helps a (3.0 %) and b (1.2 %).',
    ],
  ],
  [
    'share because nothing differs',
    facts([task('a', 0, 0.5), task('b', 0.2, 0.5)], {
      verdict: 'share',
      delta: { mean: 0.1, low: -0.3, high: 0.5 },
    }),
    [
      'One model is enough.',
      'On average the 2 tasks do as well together as apart, within 1 % (0.3 % worse to 0.5 % better).',
      'No difference beyond 1 % for b and a.',
    ],
  ],
  [
    'separate',
    facts([task('a', -3, 1), task('b', -12, 2)], {
      verdict: 'separate',
      delta: { mean: -7.5, low: -9, high: -6 },
    }),
    [
      'Keep these apart.',
      'On average the 2 tasks do 7.5 % worse together than apart (95 % interval: 6.0 to 9.0 % worse).',
      'Sharing hurts b (12 %) and a (3.0 %).',
    ],
  ],
  [
    'mixed, with results that may be chance and others open',
    facts([task('a', 5, 1), task('b', -4, 2), task('c', 2, 1.9, { clear: false }), task('d', 1, 6)], {
      verdict: 'mixed',
    }),
    [
      'Share in part.',
      'On average the 4 tasks do 1.0 % better together than apart (95 % interval: 2.0 % worse to 4.0 % better).',
      'Sharing helps a (5.0 %) and c (2.0 %); it hurts b (4.0 %); not settled for d. Among 4 tasks, the result for c may be chance.',
    ],
  ],
  [
    'undecided over seeds',
    facts([task('a', 1, 3), task('b', 1, 4)]),
    [
      'Not settled.',
      'On average the 2 tasks do 1.0 % better together than apart, but the 95 % interval reaches from 2.0 % worse to 4.0 % better.',
      'No single task is settled.',
    ],
  ],
])('%s: what was found, and for whom', (_, input, expected) => {
  expect(describe(input, 3).slice(0, expected.length)).toEqual(expected);
});

test('tasks without a change are not counted in', () => {
  const absent = task('b', 0, null, { delta: null });
  const said = (tasks: TaskDiagnosis[]): string => describe(facts(tasks), 3)[1]!;
  expect(said([task('a', 1, 3), absent])).toMatch(/^The one task that can be compared does 1\.0 % better/);
  expect(said([task('a', 1, 3), absent, task('c', 1, 3)])).toMatch(
    /^On average the 2 tasks that can be compared do/,
  );
  expect(said([task('a', 1, 3)])).toMatch(/^The task does/);
  expect(describe(facts([absent], { delta: null }), 3)).toContain(
    'No task has a score both together and apart to compare.',
  );
});

test('quicker: how many were reached, and when', () => {
  const at = (multi: number | null) => ({
    quicker: { steps: { multi, independent: 100 }, seconds: { multi, independent: 1 } },
  });
  const said = (...multi: (number | null)[]): string =>
    describe(facts(multi.map((steps, i) => task(`t${i}`, 1, 3, at(steps)))), 3).find((sentence) =>
      sentence.startsWith('In training'),
    )!;
  expect(said(40, 60, null)).toBe(
    "In training, the joint model reached the separate models' best validation scores on 2 of 3 tasks, typically after 50 % of the steps.",
  );
  expect(said(100, 100)).toContain('on all 2 tasks, typically after about as many steps.');
  expect(said(250)).toBe(
    "In training, the joint model reached the separate model's best validation score, after 2.5 times the steps.",
  );
  expect(said(null, null)).toBe(
    "In training, the joint model did not reach the separate models' best validation scores on any task.",
  );
});

test('smaller, who overfits, and how sure', () => {
  const overfits = { best: 1, last: 0.9, gap: 10, overfits: true };
  const tasks = [
    task('a', 1, 3, { overfitting: { multi: null, independent: overfits } }),
    task('b', 1, 3, { overfitting: { multi: overfits, independent: overfits } }),
    task('c', 1, 3),
  ];
  expect(describe(facts(tasks), 3)).toEqual(
    expect.arrayContaining([
      'Against the 3 separate models together it has 31 % of the parameters, about the same file size and 1.3 times the prediction time.',
      'Overfitting shows apart but not together: a. Overfitting shows both ways: b.',
      'The intervals come from 3 training runs with different seeds on one split of the rows; another split may differ.',
    ]),
  );
  expect(describe(facts(tasks, { intervalOver: 'rows' }), 1)).toContain(
    'With one seed, the intervals come from resampling the test rows; how much another seed would change is not known.',
  );
  expect(describe(facts(tasks, { intervalOver: 'nothing' }), 1)).toContain(
    'With one seed and no interval, a difference cannot be told from chance.',
  );
});

test.each<[string, Partial<Diagnosis>, TaskDiagnosis[], number, string]>([
  ['share', { verdict: 'share' }, [task('a', 2, 1)], 3, 'use the one model.'],
  [
    'separate',
    { verdict: 'separate' },
    [task('a', -2, 1)],
    3,
    'train a model for each task, or try a way of sharing that keeps more apart.',
  ],
  [
    'separate, where some are not settled',
    { verdict: 'separate' },
    [task('a', -2, 1), task('b', -2, 6), task('c', -1, 6)],
    3,
    'train a apart first, and compare the other 2 again.',
  ],
  [
    'mixed',
    { verdict: 'mixed' },
    [task('a', 2, 1), task('b', -2, 1), task('c', 0, 5)],
    3,
    'train b apart and the other 2 together, and compare again.',
  ],
  [
    'mixed of two',
    { verdict: 'mixed' },
    [task('a', 2, 1), task('b', -2, 1)],
    3,
    'use the one model for a, and train b apart.',
  ],
  [
    'mixed without a clear loss',
    { verdict: 'mixed' },
    [task('a', 2, 1), task('b', -9, 12)],
    3,
    'train the tasks that gain together and the others apart, and compare again.',
  ],
  // s = 3 · √3 / 4.303 = 1.208; t(0.975, 7) · s / √8 = 1.01 is not below 1, t(0.975, 8) · s / √9 = 0.93 is.
  [
    'undecided',
    {},
    [task('a', 1, 3)],
    3,
    'run about 9 seeds; if scores keep scattering as they did, that settles it.',
  ],
  [
    'undecided for good',
    { delta: { mean: 0.5, low: -29.5, high: 30.5 } },
    [task('a', 1, 3)],
    3,
    'decide by size and speed; even 30 seeds would hardly settle a difference like this.',
  ],
  ['one seed', { intervalOver: 'rows' }, [task('a', 1, 3)], 1, 'run at least 5 seeds.'],
  [
    'nothing to compare',
    { delta: null },
    [task('a', 0, null, { delta: null })],
    3,
    'check that every task has enough labelled test rows.',
  ],
])('next, when %s', (_, more, tasks, seeds, advice) => {
  expect(describe(facts(tasks, more), seeds).at(-1)).toBe(`Next: ${advice}`);
});

test('the advised number of seeds is the least that settles it', () => {
  const half = (seeds: number, deviation: number): number =>
    (studentQuantile(0.975, seeds - 1) * deviation) / Math.sqrt(seeds);
  const settled = (mean: number, width: number): boolean =>
    width < Math.abs(mean) || width < 1 - Math.abs(mean);
  let advised = 0;
  for (const seeds of [2, 3, 5])
    for (const mean of [-4, -0.7, 0, 0.3, 2])
      for (const deviation of [0.5, 1, 2, 4, 8]) {
        const width = half(seeds, deviation);
        if (settled(mean, width)) continue;
        const needed = seedsNeeded({ mean, low: mean - width, high: mean + width }, seeds);
        const enough = Array.from({ length: 30 - seeds }, (_, i) => seeds + 1 + i);
        expect(needed).toBe(enough.find((m) => settled(mean, half(m, deviation))) ?? null);
        if (needed === seeds + 1) advised++;
      }
  expect(advised).toBeGreaterThan(0);
  expect(seedsNeeded({ mean: 1, low: -1, high: 3 }, 1)).toBeNull();
});

test('many tasks are counted, beside what chance would show', () => {
  const tasks = Array.from({ length: 40 }, (_, i) =>
    task(`t${i}`, i === 7 ? -9 : i < 5 ? 5 + i : 0.5, i < 8 ? 1 : 3),
  );
  tasks[5] = task('t5', 0, 3);
  tasks[6] = task('t6', 0, 3);
  expect(describe(facts(tasks, { verdict: 'mixed' }), 3)[2]).toBe(
    'Of 40 tasks, sharing helps 5 and hurts 1; 34 stay the same or are not settled. By chance alone about 1 would look helped and 1 hurt. It helps most: t4 (9.0 % better), t3 (8.0 % better) and t2 (7.0 % better). It hurts most: t7 (9.0 % worse).',
  );
});

test('every sentence ends, holds no gap and no number that is none', () => {
  const trial = (test: (number | null)[][]): TrialOutcome => ({
    test,
    curve: [],
    parameters: { total: 0 },
    fileBytes: 0,
    latencyMs: 0,
  });
  const odd = [[[null], [null]], [[0], [0]], [[1e-12], [1e12]], [[-1], [1]], [], [[Number.NaN]]];
  for (const multi of odd)
    for (const independent of odd) {
      const { words } = diagnose({
        tasks: [{ name: 'a', metric: 'auc', higherIsBetter: true }],
        multi: trial(multi),
        independent: trial(independent),
      });
      expect(words.at(-1)).toMatch(/^Next: /);
      for (const sentence of words) {
        expect(sentence).toMatch(/^[A-Z].*[.]$/);
        expect(sentence).not.toMatch(/NaN|null|undefined|Infinity| {2}|\(\)|e[+-]\d/);
      }
    }
});

test('phrases', () => {
  expect([0.001, 0.06, 2.06, 9.96, 12.4, 5000].map(percent)).toEqual([
    'less than 0.1 %',
    '0.1 %',
    '2.1 %',
    '10 %',
    '12 %',
    'over 1000 %',
  ]);
  expect([0, 0.01, -3].map(change)).toEqual([
    'neither better nor worse',
    'less than 0.1 % better',
    '3.0 % worse',
  ]);
  expect(range({ mean: 2, low: 0.01, high: 3 })).toBe('less than 0.1 % to 3.0 % better');
  expect(range({ mean: 2, low: null, high: null })).toBeNull();
  expect([0.001, 0.5, 0.96, 1.04, 1.3, 12].map((ratio) => portionOf(ratio, 'size'))).toEqual([
    'under 1 % of the size',
    '50 % of the size',
    'about the same size',
    'about the same size',
    '1.3 times the size',
    '12 times the size',
  ]);
  expect(['', 'a', 'ab', 'abc', 'abcdef'].map((names) => list([...names], 3))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
    'a, b, c and 3 more',
  ]);
});
