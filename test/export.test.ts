import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelCard, Signature } from '../src/artefact/index.ts';
import { type Exported, exportModel, fit, load } from '../src/index.ts';
import { lastLine, polytask } from './support/run-cli.ts';
import { sampleRows, toCsv } from './support/sample.ts';

let folder: string;
const rows = sampleRows(400);
const at = (name: string): string => join(folder, name);

/** A command, and what it ends in. */
async function run(
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return polytask(args, { cwd: folder });
}

async function exported(...args: readonly string[]): Promise<Exported & { stdout: string }> {
  const { code, stdout, stderr } = await run('export', ...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { ...(lastLine(stdout) as Exported), stdout };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-export-'));
  writeFileSync(at('rows.csv'), toCsv(rows, ['x', 'colour', 'flag', 'amount', 'size', 'visits', 'side']));
  const tasks = ['flag', 'amount:regression', 'size', 'visits'].flatMap((task) => ['--task', task]);
  const settings = [
    '--split',
    'side',
    '--epochs',
    '8',
    '--seeds',
    '1',
    '--no-baseline',
    '--hidden',
    '256,128',
  ];
  const { code, stderr } = await run('fit', 'rows.csv', ...tasks, ...settings, '--out', 'run', '-q');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = <T>(path: string): T => JSON.parse(readFileSync(at(path), 'utf8')) as T;

describe('polytask export', () => {
  test('writes a folder and a file that predict as the run does', async () => {
    await exported('run', '-o', 'as-folder');
    await exported('as-folder', '-o', 'new/as-file.onnx');
    const found = await Promise.all(
      ['run/model', 'as-folder', 'new/as-file.onnx'].map(async (place) => {
        const model = await load(at(place));
        const predictions = await model.predict(rows.slice(0, 20));
        await model.close();
        return predictions;
      }),
    );
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  test.each([
    ['float16', 0.6],
    ['int8', 0.45],
  ])('%s: smaller, and the card says what it costs on the validation rows', async (kind, share) => {
    const { precision, bytes } = await exported('run', '-o', `${kind}.onnx`, '--precision', kind);
    expect(bytes.after / bytes.before).toBeLessThan(share);
    expect(precision!.rows).toEqual({ from: 'validation', count: 80 });
    expect(precision!.tasks.map(({ task, metric }) => `${task} ${metric}`)).toEqual([
      'flag auc',
      'amount rmse',
      'size quadratic-kappa',
      'visits poisson-deviance',
    ]);
    writeFileSync(at('validation.csv'), toCsv(rows.filter(({ side }) => side === 'validation')));
    const places = ['run/model', `${kind}.onnx`];
    const [before, after] = await Promise.all(
      places.map(async (place) => {
        const { stdout } = await run('evaluate', place, 'validation.csv', '--json');
        return (lastLine(stdout) as { tasks: Record<string, { value: number }> }).tasks;
      }),
    );
    for (const { task, before: was, after: is, largestDifference, rows: count } of precision!.tasks) {
      expect(was).toBeCloseTo(before![task]!.value, 5);
      expect(is).toBeCloseTo(after![task]!.value, 5);
      expect(largestDifference).toBeGreaterThan(0);
      expect(count).toBe(80);
    }
    const model = await load(at(`${kind}.onnx`));
    expect(model.card!.precision).toEqual(precision);
    await model.close();
  });

  test('without the run only how far outputs differ is known, or what other labelled rows tell', async () => {
    const alone = await exported('run/model', '-o', 'random', '--precision', 'int8');
    expect(alone.precision!.rows).toEqual({ from: 'random', count: 512 });
    expect(alone.precision!.tasks[0]).not.toHaveProperty('metric');
    const told = await exported('run/model', '-o', 'told', '--precision', 'int8', '--data', 'rows.csv');
    expect(told.precision!.rows).toEqual({ from: 'data', count: 400 });
    expect(told.precision!.tasks[0]).toMatchObject({ metric: 'auc', rows: 400 });
    const { stdout } = await run('export', 'run', '-o', 'shown.onnx', '--precision', 'float16');
    expect(stdout).toMatch(
      /^shown\.onnx: one file[\s\S]+Weights as float16, on 80 validation rows:\n {2}task +metric +before +after +outputs differ by\n {2}flag +auc/,
    );
  });

  test('some of the tasks', async () => {
    const { tasks, bytes } = await exported('run', '-o', 'two', '--tasks', 'size,flag');
    expect(tasks).toEqual(['flag', 'size']);
    expect(bytes.after).toBeLessThan(bytes.before);
    const signature = json<Signature>('two/signature.json');
    expect(signature.graph.outputs.map(({ name }) => name)).toEqual(['flag', 'size']);
    expect(Object.keys(signature.types).sort()).toEqual(['colour', 'flag', 'size', 'x']);
    const card = json<ModelCard>('two/card.json');
    expect(card.metrics.map(({ task }) => task)).toEqual(['flag', 'size']);
    expect(card.calibration!.tasks.map(({ task }) => task)).toEqual(['flag', 'size']);
    const { stdout } = await run('evaluate', 'two', 'rows.csv', '--json');
    const whole = await run('evaluate', 'run/model', 'rows.csv', '--json');
    const of = (text: string): Record<string, unknown> =>
      (lastLine(text) as { tasks: Record<string, unknown> }).tasks;
    expect(of(stdout)).toEqual({ flag: of(whole.stdout).flag, size: of(whole.stdout).size });
  });

  test('calibrated: any language gets probabilities of the temperature on the card', async () => {
    const { calibration } = await exported('run', '-o', 'calibrated', '--calibrate');
    expect(calibration).toEqual(json<ModelCard>('run/model/card.json').calibration);
    expect(calibration!.rows).toEqual({ from: 'validation', count: 80 });
    const [flag, amount] = ['flag', 'amount'].map((name) =>
      calibration!.tasks.find(({ task }) => task === name),
    );
    expect(amount).toMatchObject({ method: 'interval', level: 0.9 });
    const { temperature } = flag as { temperature: number };
    expect(Math.abs(temperature - 1)).toBeGreaterThan(0.02);
    const [raw, own] = await Promise.all([load(at('run/model')), load(at('calibrated'))]);
    expect(own.signature.calibrated).toBe(true);
    for (const row of rows.slice(0, 30)) {
      const [was, is] = [await raw.predict(row), await own.predict(row)] as Record<
        string,
        { probability: number }
      >[];
      const logit = Math.log(was!.flag!.probability / (1 - was!.flag!.probability));
      expect(is!.flag!.probability).toBeCloseTo(1 / (1 + Math.exp(-logit / temperature)), 5);
      expect(is!.amount).toEqual(was!.amount);
    }
    await Promise.all([raw.close(), own.close()]);
    const by = await exported('run/model', '-o', 'by-rows.onnx', '--calibrate', '--data', 'rows.csv');
    expect(by.calibration!.rows).toEqual({ from: 'data', count: 400 });
  });

  test('all of it at once: columns in, calibrated predictions of one task out, in eight bits', async () => {
    const { columns, precision } = await exported(
      'run',
      '-o',
      'all.onnx',
      '--tasks',
      'flag',
      '--precision',
      'int8',
      '--calibrate',
      '--columns',
    );
    expect(columns).toEqual([
      { name: 'x', dtype: 'float64', shape: ['batch', 1] },
      { name: 'colour', dtype: 'string', shape: ['batch', 1] },
    ]);
    expect(precision!.kind).toBe('int8');
    const session = await InferenceSession.create(at('all.onnx'));
    expect(session.inputNames).toEqual(['x', 'colour']);
    expect(session.outputNames).toContain('flag');
    const { flag } = await session.run({
      x: new Tensor('float64', Float64Array.of(0.5, Number.NaN), [2, 1]),
      colour: new Tensor('string', ['blue', 'unheard of'], [2, 1]),
    });
    const model = await load(at('all.onnx'));
    const found = (await model.predict([{ x: 0.5, colour: 'blue' }, { colour: 'unheard of' }])) as {
      flag: { probability: number };
    }[];
    await model.close();
    found.forEach(
      (one, i) => void expect(one.flag.probability).toBeCloseTo((flag!.data as Float32Array)[i]!, 5),
    );
    // Features again, for those who encode rows themselves.
    await exported('all.onnx', '-o', 'features');
    const { columns: gone, graph } = json<Signature>('features/signature.json');
    expect(gone).toBeUndefined();
    const plain = await InferenceSession.create(at('features/model.onnx'));
    expect([...plain.inputNames].sort()).toEqual(graph.inputs.map(({ name }) => name).sort());
  });
});

test('of a long model: some of its tasks, judged by their own rows, which the column of tasks tells', async () => {
  const table = rows.map(({ x, colour, amount, school, side }) => ({ x, colour, amount, school, side }));
  writeFileSync(at('long.csv'), toCsv(table));
  const settings = [
    '--split',
    'side',
    '--epochs',
    '2',
    '--seeds',
    '1',
    '--no-baseline',
    '--out',
    'long',
    '-q',
  ];
  const { code, stderr } = await run(
    'fit',
    'long.csv',
    '--task',
    'amount:regression',
    '--by',
    'school',
    ...settings,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const forms = ['--precision', 'float16', '--calibrate', '--columns', '--tasks', 's1,s3'];
  const counts = { long: 40, 'long/model': 512 };
  for (const [from, count] of Object.entries(counts)) {
    const { precision, columns, calibration } = await exported(from, '-o', `${from}-two.onnx`, ...forms);
    expect(precision!.rows.count).toBe(count);
    expect(precision!.tasks.map(({ task }) => task)).toEqual(['s1', 's3']);
    expect(columns!.map(({ name }) => name)).toEqual(['x', 'colour', 'school']);
    expect(calibration!.tasks).toMatchObject([{ task: 'amount', method: 'interval' }]);
  }
  writeFileSync(at('stranger.csv'), toCsv(table.filter(({ school }) => school === 's2')));
  expect((await run('predict', 'long-two.onnx', 'stranger.csv')).stderr).toMatch(
    /task-unknown at rows\[0\]\.school/,
  );
});

describe('what cannot be had', () => {
  test.each([
    [
      ['run', '-o', 'x1', '--tasks', 'flag,hours'],
      /task-unknown at tasks\n +expected: some of flag, amount, size, visits\n +found: +hours/,
    ],
    [['run', '-o', 'x2', '--tasks', ','], /task-unknown at tasks/],
    [['run', '-o', 'x3', '--precision', 'int4'], /export-invalid at precision[\s\S]+Did you mean "int8"/],
    [['nowhere', '-o', 'x4'], /model-invalid at nowhere/],
    [['rows.csv', '-o', 'x5'], /model-invalid at rows\.csv/],
    [['run'], /usage-invalid[\s\S]+--out/],
    [['run/model', '-o', 'x6', '--calibrate', '--data', 'nothing.csv'], /source-not-found/],
    [['run', '-o', 'run'], /export-invalid at run\n +expected: a new or empty folder/],
    [['run', '-o', 'rows.csv'], /export-invalid at rows\.csv\n[\s\S]+found: +a file/],
  ])('%j', async (args, words) => {
    const { code, stderr, stdout } = await run('export', ...args);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a run that is not finished', async () => {
    cpSync(at('run'), at('unfinished'), { recursive: true });
    rmSync(at('unfinished/result.json'));
    const { stderr } = await run('export', 'unfinished', '-o', 'x7');
    expect(stderr).toMatch(/run-folder[\s\S]+polytask resume/);
  });

  test('rows of a run that are gone, or others; they are not needed where nothing is measured', async () => {
    mkdirSync(at('moved'));
    cpSync(at('run'), at('moved/run'), { recursive: true });
    const record = json<Record<string, unknown>>('moved/run/run.json');
    writeFileSync(at('moved/run/run.json'), JSON.stringify({ ...record, directory: at('moved') }));
    const gone = await run('export', 'moved/run', '-o', 'x8.onnx', '--precision', 'int8');
    expect(gone.stderr).toMatch(/source-not-found[\s\S]+give labelled rows with --data/);
    writeFileSync(at('moved/rows.csv'), readFileSync(at('rows.csv'), 'utf8').replace('red', 'blue'));
    const other = await run('export', 'moved/run', '-o', 'x8.onnx', '--precision', 'int8');
    expect(other.stderr).toMatch(/run-changed[\s\S]+give labelled rows with --data/);
    await exported('moved/run', '-o', 'x8.onnx', '--tasks', 'flag', '--calibrate', '--columns');
    await exported('moved/run', '-o', 'x9.onnx', '--precision', 'int8', '--data', 'rows.csv');
  });

  test('weights and outputs that were rewritten once', async () => {
    await exported('run', '-o', 'once.onnx', '--calibrate', '--precision', 'float16');
    for (const more of [['--precision', 'int8'], ['--tasks', 'flag'], ['--calibrate']]) {
      const { stderr } = await run('export', 'once.onnx', '-o', 'x10.onnx', ...more);
      expect(stderr).toMatch(/export-invalid at once\.onnx[\s\S]+Export the run itself/);
    }
    await exported('once.onnx', '-o', 'columns.onnx', '--columns');
    expect(statSync(at('columns.onnx')).size).toBeGreaterThan(statSync(at('once.onnx')).size);
  });
});

test('exportModel: the mean of seeds, of rows that came from memory', async () => {
  const data = rows.map(({ x, colour, flag, side }) => ({ x, colour, flag, side }));
  const { result, model } = await fit({
    data,
    tasks: { flag: { kind: 'binary' } } as never,
    split: { column: 'side' } as never,
    seeds: 2,
    committee: true,
    training: { maxEpochs: 2 },
    out: at('memory'),
  });
  const expected = await model.predict(data.slice(0, 5) as never);
  await model.close();
  expect(model.card!.calibration!.tasks).toHaveLength(1);
  const written = await exportModel(result.run, { out: at('memory.onnx'), precision: 'float16', data });
  expect(written.precision!.rows).toEqual({ from: 'data', count: 400 });
  const small = await load(at('memory.onnx'));
  const found = await small.predict(data.slice(0, 5));
  await small.close();
  (found as unknown as { flag: { probability: number } }[]).forEach(({ flag }, i) => {
    const { probability } = (expected as unknown as { flag: { probability: number } }[])[i]!.flag;
    expect(Math.abs(flag.probability - probability)).toBeLessThan(0.002);
  });
});
