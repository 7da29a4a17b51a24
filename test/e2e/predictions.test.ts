import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Runtime } from '../../src/engine/index.ts';
import {
  type Prepared,
  parseConfig,
  prepare,
  type RunConfig,
  type RunConfigInput,
} from '../../src/experiment/index.ts';
import { type Judged, judgeParts, judgeTrial } from '../../src/experiment/judge.ts';
import { cardOfSeed } from '../../src/experiment/model-card.ts';
import { modelFiles, writeModelFolder } from '../../src/experiment/model-folder.ts';
import { ofTasks } from '../../src/experiment/of-tasks.ts';
import { taskFacts } from '../../src/experiment/task-facts.ts';
import { trainTrial } from '../../src/experiment/trial.ts';
import { load, openRuntime, openSource } from '../../src/index.ts';
import { kindOf } from '../../src/problem/index.ts';
import { sampleRows } from '../support/sample.ts';

const rows = sampleRows(150).map((row, i) => ({
  ...row,
  school: String(row.school),
  when: new Date(String(row.when)),
  x: i % 11 === 0 ? null : Number(row.x),
  amount: Number(row.amount),
  wet: i % 7 === 0 ? null : i % 3 === 0,
  code: String(i % 9),
}));

const COMMON = {
  data: rows,
  seeds: 2,
  training: { maxEpochs: 2 },
  encoders: { code: 'categorical', note: 'text', when: 'date', wet: 'boolean', x: 'numeric' },
} satisfies Partial<RunConfigInput>;

const WIDE = {
  flag: { kind: 'binary' },
  amount: { kind: 'regression' },
  large: { kind: 'regression', column: 'x', loss: 'huber' },
  visits: { kind: 'count', exposure: 'importance' },
  size: { kind: 'ordinal' },
  shape: { kind: 'multiclass' },
  tags: { kind: 'multilabel' },
};

const PROBLEMS: Readonly<Record<string, RunConfigInput>> = {
  'a column a task, together': { ...COMMON, encoders: { ...COMMON.encoders, x: undefined! }, tasks: WIDE },
  'a column a task, each alone': {
    ...COMMON,
    encoders: { ...COMMON.encoders, x: undefined! },
    tasks: WIDE,
    model: { sharing: 'independent' },
  },
  'an ensemble over embedded numbers': {
    ...COMMON,
    tasks: WIDE,
    encoders: { ...COMMON.encoders, x: undefined! },
    model: { encoder: 'ensemble:members=3', numeric: 'piecewise-linear:bins=4' },
  },
  'an ensemble, a value a task, each alone': {
    ...COMMON,
    tasks: { amount: { kind: 'regression' } },
    by: 'school',
    model: { sharing: 'independent', encoder: 'ensemble:members=2', numeric: 'periodic' },
  },
  quantiles: {
    ...COMMON,
    tasks: { amount: { kind: 'regression', loss: 'quantile', quantiles: [0.1, 0.5, 0.9] } },
  },
  'a value a task, together': { ...COMMON, tasks: { amount: { kind: 'regression' } }, by: 'school' },
  'a value a task, each alone': {
    ...COMMON,
    tasks: { shape: { kind: 'multiclass' } },
    by: 'school',
    model: { sharing: 'independent' },
  },
};

/** Every other task is served by a network of its own among those of all tasks, the rest by a model of them alone. */
async function learn(
  runtime: Runtime,
  config: RunConfig,
  prepared: Prepared,
  divided: boolean,
): Promise<Judged> {
  const seeds = [0, 1];
  const { affinity } = config;
  const trial = { sharing: config.model.sharing, config, prepared, seeds, affinity };
  if (!divided) return judgeTrial(runtime, await trainTrial(runtime, trial, {}));
  const names = prepared.dataset.tasks.map(({ name }) => name);
  const [some, others] = [0, 1].map((odd) => names.filter((_, t) => t % 2 === odd)) as [string[], string[]];
  const together = await trainTrial(runtime, { ...trial, prepared: ofTasks(prepared, some) }, {});
  const apart = await trainTrial(runtime, { ...trial, sharing: 'independent' }, {});
  return judgeParts(runtime, prepared, [
    { kept: together, serves: some },
    { kept: apart, serves: others },
  ]);
}

const CASES = Object.entries(PROBLEMS).flatMap(([name, problem]) =>
  [false, true]
    .filter((divided) => !divided || name.endsWith('together'))
    .map((divided) => [divided ? `${name}, in parts` : name, problem, divided] as const),
);

test.each(CASES)(
  'predicts from the model what was predicted in training: %s',
  async (_, { encoders, ...problem }, divided) => {
    const given = Object.fromEntries(
      Object.entries(encoders!).filter(([, encoder]) => encoder !== undefined),
    );
    const config = parseConfig({ ...problem, encoders: given });
    const prepared = await prepare(config, '.');
    const folder = mkdtempSync(join(tmpdir(), 'polytask-predictions-'));
    const runtime = await openRuntime({ worker: false });
    const trained = await learn(runtime, config, prepared, divided);
    // What one part's gradients did is not told of all tasks.
    if (divided) expect(trained.result.observed).toBeUndefined();
    // One seed, and the mean of both.
    for (const seeds of [[1], [0, 1]]) {
      const path = join(folder, `model-${seeds.length}`);
      const card = cardOfSeed(trained, taskFacts(prepared), 0, { config, runtime: runtime.note });
      await writeModelFolder(path, modelFiles(trained, seeds, config, card));
      await expectPredictions(path, trained, seeds);
    }
    await runtime.close();
    rmSync(folder, { recursive: true });
  },
);

/** The model of a folder predicts for the test rows what its seeds predicted in training. */
async function expectPredictions(
  path: string,
  { prepared, testOutputs }: Judged,
  seeds: readonly number[],
): Promise<void> {
  const { dataset, signature, split } = prepared;
  const model = await load(path);
  const fromTable = await model.predictTable(await openSource(rows));
  const fromRows = (await model.predict(rows)) as readonly Record<string, unknown>[];
  for (const [t, task] of dataset.tasks.entries()) {
    const name = signature.long ? task.column : task.name;
    const width = kindOf(task.kind).outputWidth(task);
    const own = seeds.map((s) => testOutputs.of(s, t));
    const expected = own[0]!.map((_, i) => own.reduce((sum, values) => sum + values[i]!, 0) / own.length);
    split.test.forEach((row, position) => {
      if (signature.long && rows[row]!.school !== task.name) return;
      for (let c = 0; c < width; c++)
        close(fromTable.get(name)!.data[row * width + c]!, expected[position * width + c]!);
      const decoded = kindOf(task.kind).decode(expected, position * width, task);
      closeAll(fromRows[row]![name], decoded);
    });
  }
  await model.close();
}

function close(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)));
}

/** Numbers are close; what is decided from them is the same. */
function closeAll(found: unknown, expected: unknown): void {
  if (typeof expected === 'number') close(found as number, expected);
  else if (typeof expected !== 'object' || expected === null) expect(found).toBe(expected);
  else
    for (const [key, value] of Object.entries(expected))
      closeAll((found as Record<string, unknown>)[key], value);
}
