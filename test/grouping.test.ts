import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import {
  type AffinityResult,
  adjustedRandIndex,
  affinityFrom,
  agreeingGroups,
  chooseGroups,
  type FitInput,
  fit,
  groupTasks,
  measureAffinity,
  readAffinity,
  regression,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-grouping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stream = new RandomStream(8, 'groups');
/** Two tasks that read one unit alike, and two that read it the other way round. */
const ROWS = Array.from({ length: 240 }, (_, i) => {
  const [x, y] = [stream.normal(i, 0), stream.normal(i, 1)];
  const noise = (k: number): number => 0.3 * stream.normal(i, k);
  const [one, other] = [Math.tanh(x + y), Math.tanh(x - y)];
  return { x, y, a: one + noise(2), b: other + noise(3), c: one + noise(4), d: other + noise(5) };
});
const PROBLEM: FitInput<Record<string, ReturnType<typeof regression>>> = {
  data: ROWS,
  tasks: { a: regression(), b: regression(), c: regression(), d: regression() },
  inputs: ['x', 'y'],
  model: { hidden: [8], dropout: 0.1 },
  training: { maxEpochs: 15, batchSize: 64, learningRate: 0.01 },
  seeds: 2,
  threads: 1,
};

describe('one training', () => {
  let result: AffinityResult;
  beforeAll(async () => {
    result = await measureAffinity({ ...PROBLEM, out: join(folder, 'whole') });
  });

  test('tells which tasks gain from each other', () => {
    const { tasks, affinity, looks } = result;
    expect(affinity.kind).toBe('look-ahead');
    expect(looks).toBeGreaterThan(3);
    const { benefit } = affinityFrom(affinity.values);
    const place = (name: string): number => tasks.indexOf(name);
    for (const [mate, own] of ['ac', 'ca', 'bd', 'db'].map((pair) => [...pair].map(place)))
      for (const stranger of tasks.keys())
        if (stranger !== own && stranger !== mate)
          expect(benefit(own!, mate!)).toBeGreaterThan(benefit(own!, stranger)!);
    expect(result.groupings.map(({ groups }) => groups)).toContainEqual([
      ['a', 'c'],
      ['b', 'd'],
    ]);
  });

  test('trains nothing alone, and is read again from its folder', async () => {
    expect(existsSync(join(folder, 'whole/checkpoints/independent.ckpt'))).toBe(false);
    expect(await readAffinity(join(folder, 'whole'))).toEqual(result);
  });

  test('groups are trained, and compared with all together and each alone', async () => {
    const found = await groupTasks(join(folder, 'whole'), { most: 2, verify: true, data: ROWS });
    const { groups, groupings, best, correlation, test: judged } = found.verification!;
    expect(groups.map(({ tasks }) => tasks.join(''))).toEqual(['abcd', 'ac', 'bd']);
    for (const { gains, predicted } of groups) {
      expect(gains.every(Number.isFinite)).toBe(true);
      expect(predicted.every(Number.isFinite)).toBe(true);
    }
    const gain = (name: string): number =>
      groups.find(({ tasks }) => tasks.join('') === 'ac')!.gains['ac'.indexOf(name)]!;
    expect(groupings[0]!.gains[0]).toBe(gain('a'));
    expect(groupings[0]!.gains[2]).toBe(gain('c'));
    expect(groupings[0]!.gain).toBeCloseTo(
      groupings[0]!.gains.reduce((sum: number, own) => sum + own!, 0) / 4,
      10,
    );
    expect(Math.abs(correlation!)).toBeLessThanOrEqual(1);
    expect([0, 'together', 'alone']).toContain(best);
    expect(judged.scores).toHaveLength(2);
    expect(JSON.parse(readFileSync(join(folder, 'whole/groups/groups.json'), 'utf8'))).toEqual(found);
    // All is trained: the same once more, from the checkpoints.
    const again = await groupTasks(join(folder, 'whole'), { most: 2, verify: true, data: ROWS });
    expect(again).toEqual(found);
  });

  test('a verification that was cancelled goes on to the same end', async () => {
    const run = join(folder, 'cancelled');
    await measureAffinity({ ...PROBLEM, out: run });
    const abort = new AbortController();
    const options = { most: 2, overlap: false, verify: true, data: ROWS } as const;
    const cancelled = groupTasks(run, options, {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.phase === 'training' && event.trial === 3) abort.abort(new Error('enough'));
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const { verification } = await groupTasks(run, options);
    const whole = await groupTasks(join(folder, 'whole'), options);
    expect({ ...verification, seconds: 0 }).toEqual({ ...whole.verification, seconds: 0 });
  });
});

test('fit measures it beside, and changes no result by it', async () => {
  const settings = { ...PROBLEM, seeds: 1, baseline: false, training: { ...PROBLEM.training, maxEpochs: 6 } };
  const seen = await fit({ ...settings, out: join(folder, 'seen') });
  const blind = await fit({ ...settings, affinity: 'none', out: join(folder, 'blind') });
  expect(seen.result.multi.observed!.affinity.kind).toBe('first-order');
  expect(seen.result.multi.observed!.looks).toBeGreaterThan(0);
  expect(blind.result.multi.observed).toBeUndefined();
  expect(seen.result.multi.test).toEqual(blind.result.multi.test);
  const bare = ({ result: { multi } }: typeof seen): unknown =>
    multi.curve.map(({ seconds: _, observed: __, ...point }) => point);
  expect(bare(seen)).toEqual(bare(blind));
  // What the points tell adds up to what the whole training told.
  const looks = seen.result.multi.curve.map(({ observed }) => observed?.looks ?? 0);
  expect(looks.reduce((a, b) => a + b)).toBe(seen.result.multi.observed!.looks);
  await expect(readAffinity(join(folder, 'blind'))).rejects.toMatchObject({ code: 'affinity-invalid' });
});

const LANDMINE = '../shared/data/landmine/landmine.csv.gz';

test.skipIf(!existsSync(LANDMINE)).each([0, 1, 2])(
  'landmine: one training tells fields 0 to 14 from 15 to 28, from seed %i',
  async (seed) => {
    const { affinity, cosine, tasks } = await measureAffinity({
      ...{ data: LANDMINE, tasks: { mine: {} } as never, by: 'field', seed, seeds: 1, threads: 1 },
      training: { maxEpochs: 25 },
      out: join(folder, `landmine-${seed}`),
    });
    const kinds = tasks.map((field) => Number(Number(field) > 14));
    for (const values of [affinity.values, cosine]) {
      const { servedBy } = chooseGroups(affinityFrom(values), { most: 2, overlap: false });
      expect(adjustedRandIndex(servedBy, kinds)).toBeGreaterThanOrEqual(0.8);
    }
    // How many groups there are is found as well.
    const { servedBy } = agreeingGroups(affinityFrom(cosine));
    expect(adjustedRandIndex(servedBy, kinds)).toBeGreaterThanOrEqual(0.8);
  },
);
