import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelOf, type RungPlan, race, rungsOf } from './race.ts';

/** Someone whose score is known at every level, and who takes what a level costs from the budget. */
interface Runner {
  readonly name: string;
  readonly score: (level: number) => number;
  progress: number;
}

interface Log {
  readonly plans: RungPlan[];
  readonly rankings: (readonly string[])[];
}

function compete(runners: readonly Runner[], budget: number, log: Log = { plans: [], rankings: [] }) {
  let left = budget - runners.reduce((sum, { progress }) => sum + progress, 0);
  const advanced: [string, number][] = [];
  const byName = new Map(runners.map((runner) => [runner.name, runner]));
  const result = race(
    runners,
    {
      left: () => left,
      progress: ({ progress }) => progress,
      advance: async (runner, level) => {
        advanced.push([runner.name, level]);
        left -= Math.max(0, level - runner.progress);
        runner.progress = Math.max(level, runner.progress);
      },
      scoreAt: (runner, level) => runner.score(level),
    },
    {
      plan: (rung) => log.plans[rung],
      planned: async (rung, plan) => {
        log.plans[rung] = plan;
      },
      ranking: (rung) => log.rankings[rung]?.map((name) => byName.get(name)!),
      ranked: async (rung, ranking) => {
        log.rankings[rung] = ranking.map(({ name }) => name);
      },
    },
  );
  return result.then(({ ranking, level }) => ({
    names: ranking.map(({ name }) => name),
    level,
    left,
    advanced,
    log,
  }));
}

const constant = (name: string, score: number, progress = 0): Runner => ({
  name,
  score: () => score,
  progress,
});

test('nine run, three go on, one goes on to the end; each rung spends the same', async () => {
  const runners = Array.from({ length: 9 }, (_, i) => constant(`${i}`, (i * 7) % 9));
  const { names, level, left, log, advanced } = await compete(runners, 180);
  expect(rungsOf(9)).toBe(2);
  // 90 for nine is 10 each; 90 for three is 30 more each.
  expect(log.plans.map((plan) => plan.level)).toEqual([10, 40]);
  expect(level).toBe(40);
  expect(left).toBe(0);
  expect(names).toEqual(['5', '1', '6', '2', '7', '3', '8', '4', '0'].sort((a, b) => score(b) - score(a)));
  expect(advanced.length).toBe(12);
  function score(name: string): number {
    return (Number(name) * 7) % 9;
  }
});

test('who was named first stands first among equals, and who broke down last', async () => {
  const runners = [constant('a', 1), constant('b', 1), constant('broken', Number.NEGATIVE_INFINITY)];
  expect((await compete(runners, 30)).names).toEqual(['a', 'b', 'broken']);
});

test('one who leads early and falls behind later is overtaken where he is judged later', async () => {
  const quick = { name: 'quick', score: () => 1, progress: 0 };
  const slow = { name: 'slow', score: (level: number) => level / 20, progress: 0 };
  expect((await compete([quick, slow], 30)).names).toEqual(['quick', 'slow']);
  expect((await compete([{ ...quick }, { ...slow }], 60)).names).toEqual(['slow', 'quick']);
});

test('who has come further is judged by what he was at the level of the others, and costs nothing', async () => {
  const incumbent: Runner = { name: 'incumbent', score: (level) => (level >= 50 ? 9 : 1), progress: 50 };
  const challenger = constant('challenger', 2);
  const { names, level, left } = await compete([incumbent, challenger], 60);
  // 10 are left, all of it for the challenger.
  expect(level).toBe(10);
  expect(left).toBe(0);
  expect(names).toEqual(['challenger', 'incumbent']);
});

test('a race that was stopped is run again as it was, without training', async () => {
  const runners = (): Runner[] => Array.from({ length: 5 }, (_, i) => constant(`${i}`, (i * 3) % 5));
  const first = await compete(runners(), 50);
  const again = await compete(
    runners().map((runner) => ({ ...runner, score: () => 0 })),
    999,
    { plans: [...first.log.plans], rankings: [...first.log.rankings] },
  );
  expect(again.names).toEqual(first.names);
  expect(again.advanced).toEqual([]);
});

test('nobody begins after the end of a rung but the first', async () => {
  const runners = [constant('slow', 0), constant('next', 1)];
  const advanced: string[] = [];
  let left = 10;
  const { ranking } = await race(
    runners,
    {
      left: () => left,
      progress: ({ progress }) => progress,
      advance: async ({ name }) => {
        advanced.push(name);
        left = 0;
      },
      scoreAt: ({ score }) => score(0),
    },
    { plan: () => undefined, planned: async () => {}, ranking: () => undefined, ranked: async () => {} },
  );
  expect(advanced).toEqual(['slow']);
  expect(ranking.map(({ name }) => name)).toEqual(['slow', 'next']);
});

test('levels: what is given out is what all get together', () => {
  expect(levelOf([0, 0], 10)).toBe(5);
  expect(levelOf([0, 8], 4)).toBe(4);
  expect(levelOf([0, 2], 10)).toBe(6);
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 9 }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      (progress, amount) => {
        const level = levelOf(progress, amount);
        const given = progress.reduce((sum, own) => sum + Math.max(0, level - own), 0);
        expect(given).toBeCloseTo(amount, 6);
      },
    ),
  );
});
