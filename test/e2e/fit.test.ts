import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/index.ts';
import { lastLine, polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';

let folder: string;
const rows = sampleRows(200);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-fit-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(rows));
  writeFileSync(join(folder, 'test.csv'), toCsv(rows.filter(({ side }) => side === 'test')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command that must succeed. */
async function good(
  ...args: readonly string[]
): Promise<{ stdout: string; stderr: string; answer: () => unknown }> {
  const { code, stdout, stderr } = await polytask(args, { cwd: folder });
  expect(stderr).not.toMatch(/\n\s+at /);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return { stdout, stderr, answer: () => lastLine(stdout) };
}

const LITTLE = ['--epochs', '3', '--seeds', '2'];
const KINDS = ['flag', 'amount:regression', 'visits:count', 'size', 'shape:multiclass', 'tags:multilabel'];
const wide = KINDS.flatMap((task) => ['--task', task]);
const asWide = [
  'fit',
  'rows.csv',
  ...wide,
  '--exclude',
  'school,patient',
  '--exclude',
  'importance',
  '--split',
  'side',
];
const asLong = ['fit', 'rows.csv', '--task', 'amount', '--by', 'school', '--split', '0.6/0.2/0.2'];
const others = ['--exclude', 'patient,importance,side,flag,visits,size,shape,tags'];

describe('fit', () => {
  test('a column a task: the promised object, a model and a report', async () => {
    const { answer, stderr } = await good(...asWide, ...LITTLE, '--out', 'wide', '--json');
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
    const { answer } = await good(...asLong, ...others, ...LITTLE, '--out', 'long', '--json');
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
      ...asWide,
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

describe('a trained model', () => {
  test('evaluates to what the run found on the test rows', async () => {
    const run = await good(
      ...asWide,
      '--epochs',
      '3',
      '--seeds',
      '1',
      '--no-baseline',
      '--out',
      'judged',
      '--json',
    );
    const found = fitAnswer.parse(run.answer());
    const { answer } = await good('evaluate', 'judged/model', 'test.csv', '--json');
    const { tasks } = answer() as {
      tasks: Record<string, { metric: string; value: number; labelled: number }>;
    };
    for (const [name, { metric, multi, labelled }] of Object.entries(found.tasks)) {
      expect(tasks[name]).toMatchObject({ metric, labelled: labelled.test });
      expect(tasks[name]!.value).toBeCloseTo(multi!, 5);
    }
    const { stdout } = await good('describe', 'judged/model');
    expect(stdout).toMatch(/flag: binary/);
  });

  test('predicts into every format alike', async () => {
    await good(
      'fit',
      'rows.csv',
      ...wide,
      '--epochs',
      '1',
      '--seeds',
      '1',
      '--no-baseline',
      '--out',
      'formats',
    );
    const csv = await good('predict', 'formats/model', 'test.csv', '--keep', 'x,flag');
    expect(csv.stdout.split('\n')[0]).toMatch(/^x,flag\.actual,flag,flag\.probability,/);
    writeFileSync(join(folder, 'stdout.csv'), csv.stdout);
    const types = { flag: 'string', 'flag.actual': 'string', tags: 'string' } as const;
    const reference = await openSource(join(folder, 'stdout.csv'), { types });
    expect(reference.rows).toBe(40);
    for (const name of ['p.csv', 'p.tsv', 'p.json', 'p.ndjson', 'p.parquet']) {
      const { answer } = await good(
        'predict',
        'formats/model',
        'test.csv',
        '--keep',
        'x,flag',
        '--out',
        name,
        '--json',
      );
      expect(answer()).toMatchObject({ rows: 40, out: name });
      const table = await openSource(join(folder, name), { types });
      expect([...table.columns.keys()]).toEqual([...reference.columns.keys()]);
      for (const [column, { type }] of reference.columns) {
        if (type !== 'number') continue;
        const own = table.columns.get(column) as { values: Float64Array };
        const expected = reference.columns.get(column) as { values: Float64Array };
        own.values.forEach((value, row) => {
          expect(value).toBeCloseTo(expected.values[row]!, 6);
        });
      }
    }
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
