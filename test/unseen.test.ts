import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import { runFit } from '../src/experiment/index.ts';
import {
  evaluateModel,
  load,
  type Model,
  openSource,
  type RunConfigInput,
  type RunResult,
  type SentenceEncoder,
} from '../src/index.ts';
import { polytask } from './support/run-cli.ts';
import { toCsv } from './support/sample.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-unseen-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = new RandomStream(3, 'unseen');
const TASKS = 16;
const sizeOf = (t: number): number => 10 + 5 * t;
/** y rises with x and with the size of the task; the mean of x tells the size too. */
const LONG = Array.from({ length: TASKS * 30 }, (_, i) => {
  const t = i % TASKS;
  const x = random.normal(i) + (sizeOf(t) - 45) / 40;
  return { task: `t${t}`, x, size: sizeOf(t), y: x + (sizeOf(t) - 45) / 10 + 0.1 * random.normal(i, 1) };
});

const SHARED = {
  sharing: 'shared-bottom:heads=shared',
  conditioning: 'concat',
  hidden: [16],
  dropout: 0,
} as const;
const FAST = { seeds: 1, training: { maxEpochs: 60, learningRate: 0.01, batchSize: 64 } } as const;

async function fitted(
  name: string,
  config: Omit<RunConfigInput, 'out'>,
  textEncoder?: SentenceEncoder,
): Promise<{ result: RunResult; model: Model }> {
  const hooks = textEncoder === undefined ? {} : { textEncoder };
  const result = await runFit({ ...FAST, ...config, out: join(folder, name) }, hooks);
  return { result, model: await load(result.model, hooks) };
}

describe('a long problem whose split holds whole tasks out', () => {
  const problem = {
    data: LONG,
    tasks: { y: { kind: 'regression' } },
    by: 'task',
    inputs: ['x'],
    split: { group: 'task', ratio: '0.6/0.2/0.2' },
  } as const;

  test('is learned by what describes tasks, and better so', async () => {
    const pooled = await fitted('pooled', { ...problem, model: { ...SHARED, conditioning: 'none' } });
    const described = await fitted('columns', {
      ...problem,
      model: { ...SHARED, descriptor: 'columns:columns=size' },
    });
    const means = await fitted('means', { ...problem, model: { ...SHARED, descriptor: 'means' } });
    const r2 = ({ result }: { result: RunResult }): number => result.multi.pooled!.r2!;
    expect(r2(described)).toBeGreaterThan(0.9);
    expect(r2(means)).toBeGreaterThan(r2(pooled));
    expect(r2(described)).toBeGreaterThan(r2(pooled));
    expect(described.result.independent).toBeUndefined();
    expect(described.result.data.warnings.map(({ code }) => code)).toEqual(['tasks-held-out']);

    const { model } = described;
    const value = async (row: object, task?: { descriptor?: object }): Promise<number> => {
      const one =
        task === undefined ? model.predict(row as never) : model.predict(row as never, { task } as never);
      return ((await one) as { y: { value: number } }).y.value;
    };
    // By the name of a known task, by a new row's own columns, and by a description, all the same.
    const known = await value({ task: 't3', x: 0 });
    expect(await value({ task: 'new', x: 0, size: sizeOf(3) })).toBeCloseTo(known, 5);
    expect(await value({ x: 0 }, { descriptor: { size: sizeOf(3) } })).toBeCloseTo(known, 5);
    expect(model.warnings).toEqual([]);
    const [small, large] = [
      await value({ x: 0 }, { descriptor: { size: 15 } }),
      await value({ x: 0 }, { descriptor: { size: 80 } }),
    ];
    expect(large - small).toBeGreaterThan(4);

    // Known and new ones in one call, each by its own z.
    const mixed = [
      { task: 't3', x: 0 },
      { task: 'new', x: 0, size: 80 },
      { task: 'other', x: 0, size: 15 },
    ];
    const answers = (await model.predict(mixed)) as { y: { value: number } }[];
    [known, large, small].forEach((expected, i) => {
      expect(answers[i]!.y.value).toBeCloseTo(expected, 5);
    });

    const rows = LONG.filter(({ task }) => task === 't5').map((row) => ({ ...row, task: 'fresh' }));
    const evaluation = await evaluateModel(model, await openSource(rows));
    expect(evaluation.tasks.fresh).toMatchObject({ labelled: 30, constant: null });
    expect(evaluation.tasks.fresh!.metrics.rmse).toBeLessThan(0.6);

    // Without anything said of the task, the means of its rows speak for it.
    const [low, high] = await Promise.all(
      [-1, 1].map(async (shift) => {
        const all = Array.from({ length: 20 }, (_, i) => ({
          task: `new ${shift}`,
          x: random.normal(i, 9) + shift,
        }));
        const answers = (await means.model.predict([...all, { task: `new ${shift}`, x: 0 }])) as {
          y: { value: number };
        }[];
        return answers.at(-1)!.y.value;
      }),
    );
    expect(high! - low!).toBeGreaterThan(1);
    for (const { model: open } of [pooled, described, means]) await open.close();
  });

  test('is refused where tasks have parameters of their own', async () => {
    await expect(
      fitted('refused', {
        ...problem,
        model: { ...SHARED, sharing: 'shared-bottom', descriptor: 'columns:columns=size' },
      }),
    ).rejects.toMatchObject({ code: 'task-unknown', help: expect.stringContaining('--conditioning') });
  });

  test('a table of tasks describes them', async () => {
    const table = join(folder, 'tasks.csv');
    writeFileSync(
      table,
      toCsv(Array.from({ length: TASKS }, (_, t) => ({ task: `t${t}`, size: sizeOf(t) }))),
    );
    const descriptor = { name: 'columns', table };
    const { model } = await fitted('table', { ...problem, model: { ...SHARED, descriptor } });
    await expect(model.predict([{ task: 'new', x: 0 }])).rejects.toMatchObject({
      code: 'descriptor-invalid',
    });
    const answer = await model.predict({ x: 0 }, { task: { descriptor: { size: 20 } } });
    expect(answer).toHaveProperty('y.value');
    await model.close();
  });
});

describe('a wide problem', () => {
  const sizes = [1, 2, 3, 4, 5];
  const rows = Array.from({ length: 200 }, (_, i) => {
    const x = random.normal(i, 4);
    return {
      x,
      ...Object.fromEntries(sizes.map((size) => [`y${size}`, x + size + 0.05 * random.normal(i, 10 + size)])),
    };
  });
  const tasks = (describeTask: (size: number) => unknown) =>
    Object.fromEntries(
      sizes
        .filter((size) => size !== 3)
        .map((size) => [`y${size}`, { kind: 'regression', descriptor: describeTask(size) }]),
    ) as RunConfigInput['tasks'];
  const problem = { data: rows, inputs: ['x'], baseline: false } as const;

  test.each(['concat', 'film:at=input+0', 'gate', 'add'])(
    '%s: a task that is described is predicted in the mean units of its kind',
    async (conditioning) => {
      const { model } = await fitted(`wide ${conditioning.split(':')[0]}`, {
        ...problem,
        tasks: tasks((size) => ({ about: { size }, odd: size % 2 === 1 })),
        model: { ...SHARED, conditioning, descriptor: 'spec' },
      });
      const known = await model.predict({ x: 0.5 });
      expect(Object.keys(known)).toEqual(['y1', 'y2', 'y4', 'y5']);
      const options = { task: { name: 'y3', descriptor: { about: { size: 3 }, odd: true } } };
      const answer = (await model.predict({ x: 0.5 }, options)) as { y3: { value: number } };
      const [low, high] = (await Promise.all([-1, 1].map((x) => model.predict({ x }, options)))) as {
        y3: { value: number };
      }[];
      expect(high!.y3.value).toBeGreaterThan(low!.y3.value);
      expect(answer.y3.value).toBeGreaterThan(low!.y3.value);
      // With the z of a known task: the same logit, in the mean units of all.
      const units = model.signature.tasks.map(
        ({ fitted: one }) => one as unknown as { mean: number; deviation: number },
      );
      const average = (of: 'mean' | 'deviation') =>
        units.reduce((sum, one) => sum + one[of] / units.length, 0);
      const twin = { task: { descriptor: { about: { size: 1 }, odd: true } } };
      const [same] = (await model.predict([{ x: 0.5 }], twin)) as { prediction: { value: number } }[];
      const { value } = (known as unknown as Record<string, { value: number }>).y1!;
      const first = model.signature.tasks[0]!.fitted as unknown as { mean: number; deviation: number };
      expect((same!.prediction.value - average('mean')) / average('deviation')).toBeCloseTo(
        (value - first.mean) / first.deviation,
        4,
      );
      await model.predict({ x: 0 }, { task: { descriptor: { about: { size: 3 }, od: true } } });
      expect(model.warnings).toMatchObject([
        { code: 'column-missing', column: 'odd', help: '"od" tells the model nothing. Did you mean "odd"?' },
      ]);
      await expect(model.predict({ x: 0 }, { task: { descriptor: 'a sentence' } })).rejects.toMatchObject({
        code: 'descriptor-invalid',
      });
      await model.close();
    },
  );

  test('several kinds: the user says which', async () => {
    const flags = rows.map((row) => ({ ...row, big: row.x > 0 ? 'yes' : 'no' }));
    const { model } = await fitted('kinds', {
      ...problem,
      data: flags,
      tasks: {
        y1: { kind: 'regression', descriptor: { size: 1 } },
        y5: { kind: 'regression', descriptor: { size: 5 } },
        big: { kind: 'binary', descriptor: { size: 0 } },
      },
      model: { ...SHARED, descriptor: 'spec' },
    });
    const descriptor = { size: 2 };
    await expect(model.predict({ x: 0 }, { task: { descriptor } })).rejects.toMatchObject({
      path: 'task.like',
    });
    const like = async (name: string) =>
      (await model.predict({ x: 1 }, { task: { descriptor, like: name } })).prediction;
    expect(await like('y5')).toHaveProperty('value');
    expect(await like('big')).toHaveProperty('probability');
    await model.close();
  });

  test('a sentence encoder is handed in, named in the folder, and asked for', async () => {
    const words = ['one', 'two', 'three', 'four', 'five'];
    const textEncoder: SentenceEncoder = {
      name: 'counting',
      encode: async (text) => [words.indexOf(text.split(' ').at(-1)!) - 2],
    };
    const { model, result } = await fitted(
      'sentences',
      {
        ...problem,
        tasks: tasks((size) => `adds ${words[size - 1]}`),
        model: { ...SHARED, descriptor: 'text' },
      },
      textEncoder,
    );
    expect(await model.predict({ x: 0 }, { task: { descriptor: 'adds three' } })).toHaveProperty(
      'prediction.value',
    );
    const without = await load(result.model);
    expect(await without.predict({ x: 0 })).toHaveProperty('y5.value');
    await expect(without.predict({ x: 0 }, { task: { descriptor: 'adds three' } })).rejects.toMatchObject({
      path: 'textEncoder',
    });
    for (const open of [model, without]) await open.close();
  });

  test('is refused: nothing reads z, a task without a description, means, own networks', async () => {
    const refused = (model: object, own: RunConfigInput['tasks'] = tasks((size) => ({ size }))) =>
      expect(fitted('no', { ...problem, tasks: own, model: { ...SHARED, ...model } })).rejects;
    await refused({ conditioning: 'none', descriptor: 'spec' }).toMatchObject({
      code: 'conditioning-invalid',
    });
    await refused({ sharing: 'independent' }).toMatchObject({ code: 'conditioning-invalid' });
    await refused({ conditioning: 'concat:at=4' }).toMatchObject({ code: 'conditioning-invalid' });
    await refused({ descriptor: 'means' }).toMatchObject({ code: 'descriptor-invalid' });
    await refused(
      { descriptor: 'spec' },
      { y1: { kind: 'regression' }, y2: { kind: 'regression' } },
    ).toMatchObject({
      path: 'tasks.y1.descriptor',
    });
  });
});

test('the command line describes a task by key-values, by a file, and evaluates it', async () => {
  writeFileSync(join(folder, 'long.csv'), toCsv(LONG));
  writeFileSync(join(folder, 'new.csv'), toCsv(LONG.slice(0, 8).map(({ x, y }) => ({ x, y }))));
  writeFileSync(join(folder, 'large.yaml'), 'size: 80\n');
  const run = async (...args: string[]) => {
    const done = await polytask(args, { cwd: folder });
    expect(done).toMatchObject({ code: 0 });
    return done.stdout;
  };
  const model = [
    '--sharing',
    'shared-bottom:heads=shared',
    '--conditioning',
    'film',
    '--descriptor',
    'columns:columns=size',
  ];
  await run(
    ...[
      'fit',
      'long.csv',
      '--task',
      'y:regression',
      '--by',
      'task',
      ...model,
      '--set',
      'inputs=[x]',
      '--seeds',
      '1',
    ],
    ...[
      '--hidden',
      '16',
      '--set',
      'model.dropout=0',
      '--learning-rate',
      '0.01',
      '--epochs',
      '30',
      '--no-baseline',
      '--out',
      'cli',
    ],
  );
  const mean = (csv: string): number =>
    csv
      .trim()
      .split('\n')
      .slice(1)
      .reduce((sum, line) => sum + Number(line) / 8, 0);
  const small = mean(await run('predict', 'cli/model', 'new.csv', '--task-descriptor', '{"size": 15}'));
  const large = mean(await run('predict', 'cli/model', 'new.csv', '--task-descriptor', '@large.yaml'));
  expect(large - small).toBeGreaterThan(3);
  expect(await run('evaluate', 'cli/model', 'new.csv', '--task-descriptor', '{"size": 15}')).toMatch(
    /described task/,
  );
  const { code, stderr } = await polytask(
    ['predict', 'cli/model', 'new.csv', '--task-descriptor', '{"sise": 15}'],
    { cwd: folder },
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/descriptor-invalid[\s\S]*size/);
});
