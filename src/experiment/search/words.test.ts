import { expect, test } from 'vitest';
import type { LeaderboardEntry, SearchResult } from './result.ts';
import { describeSearch } from './words.ts';

const entry = (side: LeaderboardEntry['side'], name: string, finished: boolean): LeaderboardEntry => ({
  side,
  name,
  stage: 'network',
  settings: {},
  score: 0.5,
  steps: 10,
  seconds: 1,
  finished,
});

const found = (
  more: Partial<Omit<SearchResult, 'words'>> = {},
  [together, alone] = [true, true],
): Omit<SearchResult, 'words'> => ({
  objective: 'mean',
  limit: { unit: 'seconds', total: 60 },
  best: { together: 'bins', alone: 'small' },
  leaderboard: [
    entry('together', 'bins', together),
    entry('together', 'other', false),
    entry('alone', 'small', alone),
  ],
  chosen: { way: 'one model', parts: [{ side: 'together', name: 'bins', tasks: ['a', 'b'] }] },
  ...more,
});

test('how many were tried, and what was chosen', () => {
  expect(describeSearch(found())).toEqual([
    'Within 60 seconds, 2 ways to learn the tasks together, and 1 way to learn each alone were tried, and compared on the validation rows.',
    'Chosen: one model for all tasks (bins).',
  ]);
  const parts: SearchResult['chosen']['parts'] = [
    { side: 'together', name: 'bins', tasks: ['a', 'b'] },
    { side: 'alone', name: 'small', tasks: ['c'] },
  ];
  expect(describeSearch(found({ chosen: { way: 'parts', parts } }))[1]).toBe(
    'Chosen: 2 parts in one file: a and b; c alone.',
  );
  expect(describeSearch(found({ objective: 'worst' }))[0]).toContain('the task that is worst off');
});

test.each([
  [[true, true], undefined],
  [[false, false], /Both sides were still learning/],
  [[true, false], /The separate models were still learning/],
  [[false, true], /The joint model was still learning/],
] as const)('who was still learning: %j', (finished, says) => {
  const words = describeSearch(found({}, [...finished]));
  if (says === undefined) expect(words).toHaveLength(2);
  else expect(words[2]).toMatch(says);
});
