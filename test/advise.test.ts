import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextSteps, parseConfig, type RunConfigInput, runFit } from '../src/experiment/index.ts';
import { advise, type RunResult } from '../src/index.ts';
import { FAMILIES } from './support/known-problems.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-advise-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { input } = FAMILIES.unrelated!(50);
const { data } = input;
const run = async (name: string, more: object = {}): Promise<RunResult> =>
  runFit({ ...input, ...more, out: join(folder, name) } as unknown as RunConfigInput);
const written = (name: string, file = 'result.json'): string =>
  readFileSync(join(folder, name, file), 'utf8');

describe('advise', () => {
  let before: RunResult;
  beforeAll(async () => {
    before = await run('whole');
  });

  test('a run knows its causes, all but what takes another training', () => {
    expect(before.causes?.unmeasured).toContain('capacity');
    expect(before.causes?.found.map(({ code }) => code)).toContain('interference');
    expect(before.diagnosis!.words.filter((sentence) => sentence.startsWith('Why: '))).toHaveLength(1);
    expect(before.labels?.overlap).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(before.multi.training).toHaveLength(5);
  });

  test('without the probe nothing is trained, and nothing is written', async () => {
    const { result } = await advise(before.run, { probe: false });
    expect(result).toEqual(JSON.parse(written('whole')));
    expect(result.width).toBeUndefined();
  });

  test('the probe tells of the width, once, and is kept with the run; one that was stopped ends the same', async () => {
    await run('stopped');
    const controller = new AbortController();
    const stopped = advise(join(folder, 'stopped'), {
      data,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.phase === 'training' && event.trial === 2 && event.progress.epoch > 20) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(JSON.parse(written('stopped'))).not.toHaveProperty('width');
    const resumed = await advise(join(folder, 'stopped'), { data });
    const { result, next } = await advise(before.run, { data });
    expect(result.width).toMatchObject({ hidden: [6] });
    expect(resumed.result.width).toEqual(result.width);
    expect(result.causes!.found.find(({ code }) => code === 'capacity')).toMatchObject({ bearing: 'hurts' });
    const step = next.find(({ cause }) => cause === 'capacity')!;
    expect(step.settings).toEqual([{ path: 'model.hidden', value: [6] }]);
    expect(step.configs[0]!.model.hidden).toEqual([6]);
    expect(JSON.parse(written('whole'))).toEqual(result);
    expect(written('whole', 'report.html')).toMatch(/<h2>Why<\/h2>[\s\S]*Too little capacity/);
    // No rows are asked for, as nothing is left to be trained.
    expect((await advise(before.run)).result).toEqual(result);
    // What was there is there still.
    const { width, causes: _, diagnosis: __, ...rest } = result;
    expect(before).toMatchObject(rest);
    expect(width!.multi).toHaveLength(5);
  });

  test('twice the width is what a run of twice the width learns', async () => {
    const { result } = await advise(before.run);
    const wide = await run('wide', { model: { ...input.model, hidden: [6] } });
    expect(result.width!.multi).toEqual(wide.multi.validation);
    expect(result.width!.independent).toEqual(wide.independent!.validation);
  });

  test('rows that are not those of the run are refused', async () => {
    await run('memory');
    const changed = (data as object[]).map((row) => ({ ...row, x0: 1 }));
    await expect(advise(join(folder, 'memory'), { data: changed as typeof data })).rejects.toMatchObject({
      code: 'run-changed',
    });
  });

  test('a run without a comparison, or with one seed, is not probed', async () => {
    const alone = await run('alone', { baseline: false });
    expect((await advise(alone.run)).next).toEqual([]);
    const { run: one } = await runFit({
      ...input,
      seeds: 1,
      out: join(folder, 'one'),
    } as unknown as RunConfigInput);
    expect((await advise(one)).result.causes?.unmeasured).toContain('capacity');
  });

  test('a run that is not finished has nothing to advise on', async () => {
    const begun = await run('begun');
    rmSync(join(begun.run, 'result.json'));
    await expect(advise(begun.run)).rejects.toMatchObject({
      code: 'run-folder',
      help: expect.stringContaining('polytask resume'),
    });
  });
});

test('tasks that go apart leave their labels out, and are no inputs to the others', () => {
  const config = parseConfig({
    data: 'rows.csv',
    tasks: { a: {}, b: { column: 'label' }, c: {} },
    exclude: ['id'],
  });
  const cause = {
    code: 'noisy-task',
    bearing: 'hurts',
    tasks: ['b'],
    statistic: { name: 'skill of b', value: 0, threshold: 0.1 },
    strength: 1,
    sentence: 'Nothing predicts b.',
    advice: [{ settings: [], apart: ['b'], sentence: 'Train a and c without b.' }],
  } as const;
  const causes = { found: [cause], absent: [], unmeasured: [] };
  const [step] = nextSteps(causes, 'separate', config);
  expect(step!.configs.map(({ tasks, exclude }) => [Object.keys(tasks), exclude])).toEqual([
    [
      ['a', 'c'],
      ['id', 'label'],
    ],
    [['b'], ['id', 'a', 'c']],
  ]);
  // What is worth sharing is not taken apart, and the tasks of a long table are no columns.
  expect(nextSteps(causes, 'share', config)).toEqual([]);
  const long = parseConfig({ data: 'rows.csv', tasks: { score: {} }, by: 'school' });
  expect(nextSteps(causes, 'separate', long)[0]!.configs).toEqual([]);
});
