import { expect, test } from 'vitest';
import type { Interval } from './interval.ts';
import { type Effect, effectOf, overallVerdict, taskVerdict } from './verdict.ts';

const interval = (low: number | null, high: number | null): Interval => ({ mean: 0, low, high });

test.each([
  [0.1, 5, 'helped', 'share'],
  [0.1, 0.2, 'helped', 'share'],
  [-5, -0.1, 'hurt', 'separate'],
  [-1, 1, 'equal', 'share'],
  [-0.2, 0.9, 'equal', 'share'],
  [-1.01, 0.5, 'undecided', 'undecided'],
  [0, 3, 'undecided', 'undecided'],
  [-3, 0, 'undecided', 'undecided'],
  [null, null, 'undecided', 'undecided'],
] as const)('an interval from %s to %s: %s, %s', (low, high, effect, verdict) => {
  expect(effectOf(interval(low, high))).toBe(effect);
  expect(taskVerdict(effect)).toBe(verdict);
});

const MEANS: Record<Effect, Interval> = {
  helped: interval(1, 2),
  hurt: interval(-2, -1),
  equal: interval(-0.5, 0.5),
  undecided: interval(-5, 5),
};

// + and − are clear, p and m are helped and hurt that may be chance, = is equal, ? undecided.
test.each([
  ['--', 'undecided', 'separate'],
  ['-=', 'hurt', 'separate'],
  ['-?', 'hurt', 'separate'],
  ['-p', 'hurt', 'separate'],
  ['-=', 'equal', 'mixed'],
  ['-?', 'undecided', 'mixed'],
  ['-+', 'helped', 'mixed'],
  ['-+', 'hurt', 'mixed'],
  ['++', 'helped', 'share'],
  ['+m', 'helped', 'share'],
  ['+?', 'hurt', 'mixed'],
  ['+?', 'undecided', 'undecided'],
  ['??', 'helped', 'share'],
  ['??', 'equal', 'share'],
  ['??', 'hurt', 'separate'],
  ['??', 'undecided', 'undecided'],
  ['+=', 'undecided', 'share'],
  ['==', 'equal', 'share'],
  ['=m', 'undecided', 'undecided'],
] as const)('tasks %s, mean %s: %s', (signs, mean, verdict) => {
  const effects = {
    '+': 'helped',
    p: 'helped',
    '-': 'hurt',
    m: 'hurt',
    '=': 'equal',
    '?': 'undecided',
  } as const;
  const tasks = [...signs].map((sign) => ({
    effect: effects[sign as keyof typeof effects],
    clear: sign === '+' || sign === '-',
  }));
  expect(overallVerdict(MEANS[mean], tasks)).toBe(verdict);
});

test('nothing to go by is undecided', () => {
  expect(overallVerdict(null, [])).toBe('undecided');
  expect(overallVerdict(null, [{ effect: 'undecided', clear: false }])).toBe('undecided');
});
