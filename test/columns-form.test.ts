import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { describe, expect, test } from 'vitest';
import { type Artefact, filesOf, readArtefact } from '../src/artefact/index.ts';
import { RandomStream } from '../src/common/random.ts';
import { ENCODERS as REGISTRY } from '../src/data/encoders/registry.ts';
import { tableFromRows } from '../src/data/index.ts';
import type { RunConfigInput } from '../src/experiment/index.ts';
import { Model, openRuntime } from '../src/index.ts';
import { toColumns } from '../src/serving/export/columns.ts';
import { type Exportable, filesOfExportable } from '../src/serving/export/exportable.ts';
import { prepareProblem, untrained } from './support/untrained.ts';

const random = new RandomStream(2, 'columns');
const DAY = 86_400_000;
const pick = <T>(values: readonly T[], i: number): T => values[random.integer(values.length, i)]!;

/** Rows with a column for every encoder; of new rows some values were never seen. */
function rowsOf(count: number, from: number, fresh: boolean): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, k) => {
    const i = (from + k) * 20;
    const lost = (n: number): boolean => random.integer(8, i + n) === 0;
    const x = random.normal(i + 1);
    // Ten values stand in one row each; of those that train they are rare, the others were never seen.
    const scarce = k < 10 ? 100 + k : undefined;
    return {
      plain: lost(0) ? null : 3 * x + 100,
      tail: lost(2) ? null : Math.exp(2 * x),
      wild: lost(3) ? null : x ** 5 * 1000,
      pieces: x * (fresh ? 3 : 1),
      huge: 1e300 * x,
      colour:
        scarce !== undefined
          ? `scarce ${scarce}`
          : lost(4)
            ? null
            : pick(['red', 'green', 'blue', 'a "quoted" ü', ...(fresh ? ['never'] : [])], i + 5),
      code: scarce ?? (lost(6) ? null : pick([1, 2.5, 1000, ...(fresh ? [7] : [])], i + 7)),
      wet: lost(8) ? null : random.uniform(i + 9) < 0.5,
      mark: lost(10) ? null : random.uniform(i + 11) < 0.5,
      when: lost(12)
        ? null
        : new Date(Date.UTC(2000, 0, 1) + Math.floor(random.uniform(i + 13) * 9000 * DAY) * (fresh ? -3 : 1)),
      day: lost(14) ? null : new Date(Date.UTC(2020, 0, 1 + random.integer(5, i + 15))),
      school: pick(['s1', 's2', 's3'], i + 16),
      flag: x > 0 ? 'yes' : 'no',
      amount: 10 * x + random.normal(i + 17),
    };
  });
}

const ENCODERS = {
  plain: 'numeric',
  tail: { kind: 'numeric', transform: 'log1p' },
  wild: { kind: 'numeric', transform: 'quantile' },
  pieces: { kind: 'numeric', pieces: 6, indicator: true },
  huge: { kind: 'numeric', clip: 3 },
  colour: 'categorical',
  code: 'categorical',
  wet: 'boolean',
  mark: 'categorical',
  when: { kind: 'date', parts: ['elapsed', 'year', 'month', 'weekday', 'hour'] },
  day: 'categorical',
};
const WIDE: RunConfigInput = {
  data: rowsOf(120, 0, false),
  tasks: { flag: { kind: 'binary' }, amount: { kind: 'regression' } },
  exclude: ['school'],
  encoders: ENCODERS,
  model: { hidden: [16], sharing: 'mmoe' },
};
const LONG: RunConfigInput = {
  data: rowsOf(120, 0, false),
  tasks: { amount: { kind: 'regression' } },
  by: 'school',
  exclude: ['flag'],
  encoders: ENCODERS,
  model: { hidden: [16], sharing: 'mmoe' },
};

async function build(config: RunConfigInput): Promise<Exportable> {
  const problem = await prepareProblem(config);
  return untrained(problem, [{ sharing: problem.config.model.sharing, prepared: problem.prepared }]);
}

web.env.wasm.numThreads = 1;

type Runtime = typeof native;
const RUNTIMES: ['native' | 'wasm', Runtime][] = [
  ['native', native],
  ['wasm', web as unknown as Runtime],
];

/** What a graph of columns gives, fed with the cells themselves, as any other language would. */
async function feed(
  { Tensor, InferenceSession }: Runtime,
  { graph, signature }: Exportable,
  rows: readonly Record<string, unknown>[],
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(graph, { logSeverityLevel: 4 });
  const columns = signature.columns!.inputs;
  expect([...session.inputNames].sort()).toEqual(columns.map(({ name }) => name).sort());
  const feeds = Object.fromEntries(
    columns.map(({ name, dtype }) => {
      const cells = rows.map((row) => row[name]);
      const numbers = cells.map((cell) => (cell === null || cell === undefined ? Number.NaN : Number(cell)));
      return [
        name,
        dtype === 'string'
          ? new Tensor(
              'string',
              cells.map((cell) => (cell ?? '') as string),
              [rows.length, 1],
            )
          : new Tensor('float64', Float64Array.from(numbers), [rows.length, 1]),
      ];
    }),
  );
  const outputs = await session.run(feeds, { logSeverityLevel: 4 });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}

/** What Polytask predicts with its own encoders, on the same runtime. */
async function predicted(
  model: Exportable,
  rows: readonly Record<string, unknown>[],
  runtime: 'native' | 'wasm' = 'native',
): Promise<Map<string, Float32Array>> {
  const artefact = { ...model, described: undefined } as Artefact;
  const opened = await Model.open(artefact, await openRuntime({ worker: false, runtime }));
  const outputs = await opened.predictTable(tableFromRows(rows));
  await opened.close();
  return new Map([...outputs].map(([name, { data }]) => [name, data]));
}

function near(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected[i]!)));
  });
}

test('these are all encoders but text', () => {
  const kinds = Object.values(ENCODERS).map((one) => (typeof one === 'string' ? one : one.kind));
  expect([...new Set(kinds), 'text'].sort()).toEqual(Object.keys(REGISTRY).sort());
});

describe.each(RUNTIMES)('columns in, predictions out, %s', (name, runtime) => {
  const rows = [...rowsOf(150, 1000, true), ...rowsOf(1, 0, false)];

  test('a column a task', async () => {
    const model = await build(WIDE);
    const columns = toColumns(model);
    expect(columns.signature.columns!.inputs.map(({ name, dtype }) => `${name} ${dtype}`)).toEqual([
      'plain float64',
      'tail float64',
      'wild float64',
      'pieces float64',
      'huge float64',
      'colour string',
      'code float64',
      'wet float64',
      'mark float64',
      'when float64',
      'day float64',
    ]);
    const [found, expected] = [await feed(runtime, columns, rows), await predicted(model, rows, name)];
    for (const [task, data] of expected) near(found[task]!, data);
  });

  test.each([
    ['a task has parameters of its own', LONG.model],
    ['a task is known by its one-hot alone', { sharing: 'shared-bottom:heads=shared', conditioning: 'film' }],
  ])('a value a task, where %s', async (_, sharing) => {
    const model = await build({ ...LONG, model: sharing! });
    const columns = toColumns(model);
    const [found, expected] = [await feed(runtime, columns, rows), await predicted(model, rows, name)];
    near(found.prediction!, expected.get('amount')!);
    await expect(feed(runtime, columns, [{ ...rows[0]!, school: 'elsewhere' }])).rejects.toThrow();
  });
});

test('days of the calendar from 1600 to 2400, and its ends', async () => {
  const data = Array.from({ length: 40 }, (_, i) => ({
    when: new Date(Date.UTC(1900 + 5 * i, i % 12, 1 + i, i)),
    y: i % 7,
  }));
  const model = await build({
    data,
    tasks: { y: { kind: 'regression' } },
    encoders: { when: ENCODERS.when },
    model: { hidden: [8] },
  });
  const some = Array.from(
    { length: 5000 },
    (_, i) => Date.UTC(1600, 0, 1) + 58 * i * DAY + (i % 3) * (DAY / 2 - 1),
  );
  const ends = Array.from({ length: 801 }, (_, i) =>
    [
      [0, 1],
      [1, 28],
      [1, 29],
      [2, 1],
      [11, 31],
    ].map(([month, day]) => Date.UTC(1600 + i, month!, day)),
  ).flat();
  const rows = [...some, ...ends].map((time) => ({ when: new Date(time), y: 0 }));
  const [found, expected] = [await feed(native, toColumns(model), rows), await predicted(model, rows)];
  near(found.y!, expected.get('y')!);
});

test('columns may have any name', async () => {
  const names = ['numeric', 'task', 'flag', 'constant', 'Slice', 'encode/0/Add', 'trunk/0/weight'];
  const data = rowsOf(60, 0, false).map(
    (row, i): Record<string, unknown> => ({
      ...Object.fromEntries(names.map((name, n) => [name, Number(row.huge) / 1e300 + ((i * n) % 5)])),
      target: row.flag,
      group: row.school,
      amount: row.amount,
    }),
  );
  for (const config of [
    { data, tasks: { flag: { kind: 'binary', column: 'target' } }, exclude: ['group', 'amount'] },
    {
      data: data.map(({ task: _, ...row }) => ({ ...row, task: row.group })),
      tasks: { amount: { kind: 'regression' } },
      by: 'task',
      exclude: ['group', 'target'],
    },
  ] as RunConfigInput[]) {
    const model = await build({ ...config, encoders: { numeric: { kind: 'numeric', transform: 'log1p' } } });
    const columns = toColumns(model);
    const rows = config.data as Record<string, unknown>[];
    const [found, expected] = [await feed(native, columns, rows), await predicted(model, rows)];
    const [[, data]] = [...expected] as [[string, Float32Array]];
    near(found[columns.signature.tasks[0]!.output]!, data);
  }
});

test('what was written is loaded as any model, encodes rows itself, and says what is odd about them', async () => {
  const columns = toColumns(await build(WIDE));
  const read = await readArtefact(filesOf('it', filesOfExportable(columns)));
  const model = await Model.open(read, await openRuntime({ worker: false }));
  const rows = rowsOf(20, 500, true);
  const found = await model.predict(rows);
  const expected = await feed(native, columns, rows);
  found.forEach((prediction, i) => {
    const { flag } = prediction as { flag: { probability: number } };
    expect(flag.probability).toBeCloseTo(expected.flag![i]!, 5);
  });
  expect(model.warnings.map(({ code }) => code)).toContain('category-unseen');
  expect(await model.gates(rows.slice(0, 1))).not.toEqual([{}]);
  await model.close();
});

test('text is refused, and so are values that are hashed', async () => {
  const data = rowsOf(60, 0, false).map((row, i) => ({
    note: `a note of ${i} words, which differ`,
    x: row.tail,
    amount: row.amount,
  }));
  const text = await build({ data, tasks: { amount: { kind: 'regression' } }, encoders: { note: 'text' } });
  expect(() => toColumns(text)).toThrow(expect.objectContaining({ code: 'export-invalid', path: 'note' }));
  const hashed = await build({
    data,
    tasks: { amount: { kind: 'regression' } },
    encoders: { note: { kind: 'categorical', maxCardinality: 10, minCount: 1 } },
  });
  expect(() => toColumns(hashed)).toThrow(
    expect.objectContaining({ found: 'a column whose values are hashed' }),
  );
});
