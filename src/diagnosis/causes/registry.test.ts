import { describe, expect, test } from 'vitest';
import { HELPED, HURT, made, observed } from './fixture.test-support.ts';
import type { Measured } from './measured.ts';
import { withReasons } from './reasons.ts';
import { CAUSES, findCauses } from './registry.ts';

const run = observed(
  {
    ...made([
      { name: 'good', delta: HURT },
      { name: 'noise', together: [0.99, 1, 1], alone: [0.99, 1, 1] },
      { name: 'few', alone: [0.1, 0.6, 0.6], together: [0.4, 0.5, 0.5], delta: HELPED },
    ]),
  },
  { 'trunk/mlp/0': [-0.2, 0, 0] },
);
const judged = (verdict: Measured['diagnosis']['verdict']): Measured => ({
  ...run,
  diagnosis: { ...run.diagnosis, verdict },
});

describe('causes of a run', () => {
  test('every rule is found, absent or not measured, once', () => {
    const { found, absent, unmeasured } = findCauses(run);
    const all = [...found.map(({ code }) => code), ...absent, ...unmeasured];
    expect([...all].sort()).toEqual(CAUSES.map(({ code }) => code).sort());
    expect(unmeasured).toEqual(['capacity', 'learning-speed', 'label-correlation']);
    expect(absent).toEqual(['loss-scale', 'label-imbalance']);
  });

  test('what bears on the verdict comes first, the strongest of it before all', () => {
    const codes = (verdict: Measured['diagnosis']['verdict']): string[] =>
      findCauses(judged(verdict)).found.map(({ code }) => code);
    expect(codes('separate')).toEqual(['noisy-task', 'interference', 'overfitting']);
    expect(codes('share')).toEqual(['overfitting', 'noisy-task', 'interference']);
  });

  test('where nothing was measured to be so, nothing is found', () => {
    expect(findCauses(made([{ name: 'a' }, { name: 'b' }])).found).toEqual([]);
  });

  test('of equal tasks in another order the same is found', () => {
    const swapped = observed(
      made([
        { name: 'noise', together: [0.99, 1, 1], alone: [0.99, 1, 1] },
        { name: 'good', delta: HURT },
      ]),
      { 'trunk/mlp/0': [-0.2] },
    );
    const found = findCauses(swapped).found.map(({ code, tasks }) => [code, tasks]);
    expect(found).toEqual([
      ['noisy-task', ['noise']],
      ['interference', ['noise', 'good']],
    ]);
  });
});

describe('reasons in words', () => {
  const words = ['Keep these apart.', 'They do worse.', 'Next: train apart.'];

  test('at most two, before what to do next, and those that explain the verdict', () => {
    const causes = findCauses(judged('separate'));
    const said = withReasons(words, 'separate', causes);
    expect(said).toHaveLength(4);
    expect(said[2]).toBe(`Why: ${causes.found[0]!.sentence} ${causes.found[1]!.sentence}`);
    expect(said[3]).toBe(words[2]);
    expect(withReasons(words, 'share', findCauses(judged('share')))[2]).toMatch(
      /^Why: There are few rows for few/,
    );
    expect(withReasons(words, 'undecided', causes)).toEqual(words);
    const many = { ...causes, found: [...causes.found.slice(0, 2), ...causes.found.slice(0, 2)] };
    expect(withReasons(words, 'separate', many)).toEqual(said);
  });

  test('a later look takes the place of an earlier one', () => {
    const once = withReasons(words, 'separate', findCauses(judged('separate')));
    expect(withReasons(once, 'separate', findCauses(judged('separate')))).toEqual(once);
    expect(withReasons(once, 'separate', { found: [], absent: [], unmeasured: [] })).toEqual(words);
  });
});
