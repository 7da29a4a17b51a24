import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleRows, toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';
import { FIT_WIDE, type Succeeded, succeed } from './wide.ts';

let folder: string;
const rows = sampleRows(200);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-fit-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(rows));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = (...args: readonly string[]): Promise<Succeeded> => succeed(folder, ...args);

const LITTLE = ['--epochs', '3', '--seeds', '2'];
const others = ['--exclude', 'patient,importance,side,flag,visits,size,shape,tags'];
const asLong = ['fit', 'rows.csv', '--task', 'amount', '--by', 'school', '--split', '0.6/0.2/0.2', ...others];

describe('fit', () => {
  test('a column a task: the promised object, a model and a report', async () => {
    const { answer, stderr } = await good(...FIT_WIDE, ...LITTLE, '--out', 'wide', '--json');
    const result = fitAnswer.parse(answer());
    expect(Object.keys(result.tasks).sort()).toEqual(['amount', 'flag', 'shape', 'size', 'tags', 'visits']);
    expect(result.rows).toEqual({ train: 120, validation: 40, test: 40 });
    expect(result.tasks.amount).toMatchObject({ kind: 'regression', higherIsBetter: false });
    expect(result.tasks.flag!.independent).toEqual(expect.any(Number));
    expect(result.cost.parameters.independent).toBeGreaterThan(result.cost.parameters.multi);
    expect(readFileSync(result.report, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(statSync(join(result.model, 'model.onnx')).size).toBeGreaterThan(1000);
    expect(stderr).toMatch(/\[2\/2\] independent/);
  });

  test('a value a task', async () => {
    const { answer } = await good(...asLong, ...LITTLE, '--out', 'long', '--json');
    const result = fitAnswer.parse(answer());
    expect(Object.keys(result.tasks).sort()).toEqual(['s0', 's1', 's2', 's3']);
    expect(result.pooled!.multi.rmse).toEqual(expect.any(Number));
  });

  test('without a baseline there is nothing to compare', async () => {
    const options = [
      '--no-baseline',
      '--objective',
      'fixed:flag=2,amount=0.5',
      '--hidden',
      '16',
      '--out',
      'alone',
    ];
    const tasks = ['--task', 'flag', '--task', 'amount'];
    const { answer } = await good('fit', 'rows.csv', ...tasks, ...LITTLE, ...options, '--json', '--quiet');
    const result = fitAnswer.parse(answer());
    expect(result).toMatchObject({
      verdict: 'undecided',
      best: { objective: 'fixed', sharing: 'shared-bottom' },
    });
    expect(result.tasks.flag).toMatchObject({ independent: null, delta: null });
    expect(result.cost.trainSeconds.independent).toBeNull();
  });

  test('for people: a verdict, and quiet when asked', async () => {
    const { stdout, stderr } = await good(
      ...FIT_WIDE,
      '--epochs',
      '1',
      '--seeds',
      '1',
      '--out',
      'words',
      '--quiet',
      '--no-color',
    );
    expect(stdout).toMatch(/flag/);
    expect(stdout).toMatch(/report\.html/);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
  });
});

describe('configs', () => {
  test('init writes what train takes', async () => {
    await good(
      'init',
      'rows.csv',
      '--task',
      'flag',
      '--task',
      'amount',
      '--exclude',
      'patient',
      '--out',
      'init.yaml',
    );
    expect(readFileSync(join(folder, 'init.yaml'), 'utf8')).toMatch(
      /flag: \{ kind: binary \} {2}# two values/,
    );
    const { answer } = await good(
      'train',
      '--config',
      'init.yaml',
      '--epochs',
      '1',
      '--out',
      'trained',
      '--json',
    );
    expect(Object.keys(fitAnswer.parse(answer()).tasks).sort()).toEqual(['amount', 'flag']);
    const guess = await good('init', 'rows.csv', '--split', 'side');
    expect(guess.stdout).toMatch(/This is a guess/);
  });

  test('render fills in the defaults, schema describes them', async () => {
    writeFileSync(join(folder, 'short.json'), '{ "data": "rows.csv", "tasks": { "flag": {} } }');
    expect((await good('config', 'render', 'short.json')).stdout).toMatch(/batchSize: 256/);
    expect((await good('config', 'render', 'short.json', '--json')).answer()).toMatchObject({ seeds: 3 });
    expect(JSON.parse((await good('config', 'schema')).stdout)).toMatchObject({ title: 'Polytask run' });
  });

  test('the example is one', async () => {
    const example = fileURLToPath(new URL('../../examples/birdstrikes.yaml', import.meta.url));
    const { answer } = await good(
      'train',
      '--config',
      example,
      '--epochs',
      '1',
      '--seeds',
      '1',
      '--out',
      'example',
      '--json',
    );
    expect(Object.keys(fitAnswer.parse(answer()).tasks).sort()).toEqual(['damage', 'size', 'speed']);
  });

  test('a module is a config', async () => {
    writeFileSync(
      join(folder, 'run.mjs'),
      `export default { data: 'rows.csv', tasks: { flag: {} }, training: { maxEpochs: 1 } };`,
    );
    const { answer } = await good(
      'train',
      '--config',
      'run.mjs',
      '--seeds',
      '1',
      '--out',
      'module',
      '--json',
    );
    expect(fitAnswer.parse(answer()).tasks.flag!.delta).toBeNull();
  });
});

test('the demo', async () => {
  const { answer } = await good('demo', '--quick', '--json', '--out', 'demo');
  const result = fitAnswer.parse(answer());
  expect(Object.keys(result.tasks).sort()).toEqual(['cost', 'damage', 'size', 'speed']);
  expect(result.rows.train).toBe(7000);
});

test('the doctor', async () => {
  const { answer } = await good('doctor', '--json');
  expect(answer()).toMatchObject({ ok: true, node: process.version });
});
