import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PolytaskError } from '../src/common/error.ts';
import { RandomStream } from '../src/common/random.ts';
import { type RunConfigInput, type RunResult, resumeFit, runFit } from '../src/experiment/index.ts';
import { load } from '../src/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-search-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Record<string, string | number>;

/** Three tasks of one smooth function of four numbers with noise, and one that has nothing to do with them. */
function rows(count: number): Row[] {
  const random = new RandomStream(3, 'search');
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => random.normal(i, k)) as [number, number, number, number];
    const common = Math.tanh(a + b) - c * b;
    const noise = (k: number): number => 0.5 * random.normal(i, 10 + k);
    const side = i % 5 === 0 ? 'test' : i % 5 === 1 ? 'validation' : 'train';
    return {
      a,
      b,
      c,
      d,
      first: common + noise(0),
      second: 2 * common + noise(1),
      third: common - 0.3 * a + noise(2),
      other: Number(d + noise(3) > 0),
      side,
    };
  });
}

const TASKS = {
  first: { kind: 'regression' },
  second: { kind: 'regression' },
  third: { kind: 'regression' },
  other: { kind: 'binary' },
};

const config = (data: Row[], more: Partial<RunConfigInput> = {}): RunConfigInput => ({
  data,
  tasks: TASKS,
  split: { column: 'side' },
  seeds: 2,
  // A small network, so that this is quick; which one is not searched, then.
  model: { hidden: [16] },
  stepLimit: 3000,
  threads: 1,
  runtime: 'native',
  ...more,
});

const bytesIn = (run: string, name: string): string =>
  readFileSync(join(folder, run, name)).toString('base64');

/** All that was decided, without what a clock says. */
function decided({ search, best }: RunResult): unknown {
  const leaderboard = search!.leaderboard.map(({ seconds: _, ...entry }) => entry);
  return { best, leaderboard, chosen: { way: search!.chosen.way, parts: search!.chosen.parts } };
}

/** A run that is stopped four times, ever later, and goes on. */
async function stoppedOften(name: string, input: RunConfigInput, data: Row[]): Promise<RunResult> {
  const out = join(folder, name);
  for (let stop = 1; ; stop++) {
    const abort = new AbortController();
    let events = 0;
    const hooks = {
      signal: abort.signal,
      onEvent: () => {
        if (++events === 25 * stop && stop < 5) abort.abort();
      },
    };
    try {
      return await (stop === 1 ? runFit({ ...input, out }, hooks) : resumeFit(out, hooks, data));
    } catch (error) {
      expect((error as PolytaskError).code).toBe('cancelled');
    }
  }
}

describe('a run that chooses', () => {
  let whole: RunResult;
  beforeAll(async () => {
    whole = await runFit(config(rows(200), { out: join(folder, 'whole') }));
  }, 120_000);

  test('races both sides within their halves of the limit, and ranks all by what they reached', () => {
    const { leaderboard, limit, words, chosen } = whole.search!;
    expect(limit).toEqual({ unit: 'steps', total: 3000 });
    for (const side of ['together', 'alone']) {
      const own = leaderboard.filter((entry) => entry.side === side);
      const steps = own.reduce((sum, entry) => sum + entry.steps, 0);
      expect(own.length).toBeGreaterThan(2);
      expect(steps).toBeGreaterThan(700);
      // Trainings end after an evaluation, up to 20 steps past a level.
      expect(steps).toBeLessThan(1500 + 60 * own.length);
    }
    const scores = leaderboard.map(({ score }) => score ?? Number.NEGATIVE_INFINITY);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(chosen.parts.flatMap(({ tasks }) => tasks).sort()).toEqual(Object.keys(TASKS).sort());
    expect(words.join(' ')).toContain('3000 steps');
  });

  test('leaves a model of all tasks, judged on the test rows', async () => {
    const model = await load(whole.model);
    const [row] = rows(1);
    const prediction = (await model.predict(row!)) as Record<
      string,
      { value?: number; probability?: number }
    >;
    expect(Number.isFinite(prediction.first!.value)).toBe(true);
    expect(prediction.other!.probability).toBeGreaterThanOrEqual(0);
    await model.close();
    const { delta } = whole.search!.chosen;
    expect(Number.isFinite(delta?.mean)).toBe(true);
  });

  test('decides the same again with the same seed', async () => {
    const again = await runFit(config(rows(200), { out: join(folder, 'again') }));
    expect(decided(again)).toEqual(decided(whole));
    expect(bytesIn('again', 'model/model.onnx')).toBe(bytesIn('whole', 'model/model.onnx'));
  });

  test('decides the same where it was stopped several times', { timeout: 180_000 }, async () => {
    const result = await stoppedOften('stopped', config(rows(200)), rows(200));
    expect(decided(result)).toEqual(decided(whole));
    expect(bytesIn('stopped', 'model/model.onnx')).toBe(bytesIn('whole', 'model/model.onnx'));
  });

  test('where all come to their end early, what is left is spent around the best', {
    timeout: 180_000,
  }, async () => {
    // Who does not get better at once is at an end.
    const early = config(rows(60), { stepLimit: 2500, seeds: 1, training: { patience: 1 } });
    const result = await runFit({ ...early, out: join(folder, 'early') });
    const { leaderboard } = result.search!;
    const stages = new Set(leaderboard.map(({ stage }) => stage));
    expect([...stages]).toContain('training 2');
    expect(leaderboard.reduce((sum, { steps }) => sum + steps, 0)).toBeLessThanOrEqual(2500);
    const stopped = await stoppedOften('early-stopped', early, rows(60));
    expect(decided(stopped)).toEqual(decided(result));
  });

  test('nothing of the test rows finds its way into what is chosen', { timeout: 180_000 }, async () => {
    const random = new RandomStream(9, 'scramble');
    // Inputs and labels of the test rows are noise that would lead any choice elsewhere.
    const scrambled = rows(200).map((row, i): Row => {
      if (row.side !== 'test') return row;
      const own = Object.fromEntries(
        Object.keys(row).map((key, k) => [key, key === 'side' ? 'test' : 50 * random.normal(i, k)]),
      );
      return { ...own, other: i % 2 } as Row;
    });
    const blind = await runFit(config(scrambled, { out: join(folder, 'blind') }));
    expect(decided(blind)).toEqual(decided(whole));
    expect(bytesIn('blind', 'model/model.onnx')).toBe(bytesIn('whole', 'model/model.onnx'));
    // And the same rows, planted among those that choose, do change it.
    const planted = rows(200).map(
      (row): Row => ({
        ...row,
        ...(row.side === 'validation' && { first: -Number(row.first), other: 1 - Number(row.other) }),
      }),
    );
    const led = await runFit(config(planted, { out: join(folder, 'planted') }));
    expect(decided(led)).not.toEqual(decided(whole));
  });

  test('leaves alone what the user has said', async () => {
    const result = await runFit(
      config(rows(120), {
        stepLimit: 1000,
        model: { sharing: 'mmoe:experts=2', hidden: [16], dropout: 0 },
        baseline: false,
        out: join(folder, 'given'),
      }),
    );
    expect(result.multi.sharing).toBe('mmoe');
    for (const { settings, side, groups } of result.search!.leaderboard) {
      expect(side).toBe('together');
      expect(groups).toBeUndefined();
      const set = Object.keys(settings.model ?? {});
      expect(set).not.toContain('sharing');
      expect(set).not.toContain('hidden');
      expect(set).not.toContain('dropout');
    }
  });
});

test.each<[string, Partial<RunConfigInput>, RegExp]>([
  ['a goal that is no task', { objectiveOfChoice: 'frist' }, /first/],
  ['two limits', { timeLimit: 5 }, /one limit/],
  ['no limit', { stepLimit: undefined, choose: true }, /limit/],
  ['folds', { folds: 3, split: '0.6/0.2/0.2' }, /search/],
  ['baselines that would be trained first', { objective: 'excess' }, /objective/],
])('refuses %s before there is a run folder', async (_, more, says) => {
  const out = join(folder, 'refused');
  const refused = runFit(config(rows(60), { ...more, out }));
  const error = (await refused.catch((reason: unknown) => reason)) as PolytaskError;
  expect(error).toBeInstanceOf(PolytaskError);
  expect(`${error.path} ${error.message} ${error.help}`).toMatch(says);
});
