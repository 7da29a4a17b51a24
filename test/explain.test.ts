import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import { binary, fit, openSource, permutationImportance, regression } from '../src/index.ts';
import type { Model } from '../src/serving/index.ts';
import { polytask } from './support/run-cli.ts';
import { toCsv } from './support/sample.ts';

const random = new RandomStream(3, 'explain');
// `won` is x alone, `score` is y alone; `idle` tells nothing.
const rows = Array.from({ length: 400 }, (_, i) => {
  const [x, y, idle] = [0, 1, 2].map((k) => random.normal(3 * i + k)) as [number, number, number];
  return { x, y, idle, team: ['red', 'blue'][i % 2]!, won: x > 0 ? 'yes' : 'no', score: 10 * y };
});
const settings = {
  data: rows,
  baseline: false,
  seeds: 1,
  seed: 1,
  model: { sharing: 'mmoe:experts=3', hidden: [16], dropout: 0 },
  training: { maxEpochs: 30, batchSize: 32, learningRate: 0.01 },
} as const;

const folder = mkdtempSync(join(tmpdir(), 'polytask-explain-'));
let wide: Model;
let long: Model;
beforeAll(async () => {
  const trained = await fit({
    ...settings,
    tasks: { won: binary(), score: regression() },
    exclude: ['team'],
    out: join(folder, 'wide'),
  });
  wide = trained.model as unknown as Model;
  const other = await fit({
    ...settings,
    tasks: { score: regression() },
    by: 'team',
    exclude: ['won'],
    out: join(folder, 'long'),
  });
  long = other.model as unknown as Model;
});
afterAll(async () => {
  await wide.close();
  await long.close();
  rmSync(folder, { recursive: true });
});

describe('permutation importance', () => {
  test('a task loses what its own column told it, and nothing of the others', async () => {
    const found = await permutationImportance(wide, await openSource(rows), { repeats: 3 });
    expect(found.map(({ task, measure }) => [task, measure])).toEqual([
      ['won', 'auc'],
      ['score', 'rmse'],
    ]);
    const [won, score] = found;
    expect(won!.value).toBeGreaterThan(0.97);
    expect(won!.columns[0]).toMatchObject({ column: 'x' });
    // Without x the AUC is that of chance.
    expect(won!.columns[0]!.importance).toBeGreaterThan(0.4);
    expect(score!.columns[0]).toMatchObject({ column: 'y' });
    // A target of variance σ² told by a value of another row: √2 σ.
    expect(score!.columns[0]!.importance).toBeGreaterThan(8);
    for (const { columns } of found)
      expect(Math.abs(columns.find(({ column }) => column === 'idle')!.importance)).toBeLessThan(0.3);
  });

  test('without labels it is how far predictions move; the same seed gives the same', async () => {
    const table = await openSource(rows.map(({ x, y, idle }) => ({ x, y, idle })));
    const [won] = await permutationImportance(wide, table, { seed: 5, rows: 100 });
    expect(won).toMatchObject({ task: 'won', measure: 'change', value: null });
    expect(won!.columns[0]).toMatchObject({ column: 'x' });
    expect(await permutationImportance(wide, table, { seed: 5, rows: 100 })).toEqual(
      await permutationImportance(wide, table, { seed: 5, rows: 100 }),
    );
  });

  test('of a long model it is that of all tasks together', async () => {
    const [found, ...others] = await permutationImportance(long, await openSource(rows));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ task: 'score', measure: 'rmse' });
    expect(found!.columns[0]!.column).toBe('y');
    expect(found!.columns.map(({ column }) => column)).not.toContain('team');
  });

  test('rows without any column of the model, and senseless settings, are refused', async () => {
    await expect(permutationImportance(wide, await openSource([{ z: 1 }, { z: 2 }]))).rejects.toMatchObject({
      code: 'column-unknown',
    });
    const table = await openSource(rows);
    await expect(permutationImportance(wide, table, { repeats: 0 })).rejects.toMatchObject({
      path: 'repeats',
    });
    await expect(permutationImportance(wide, table, { rows: 1.5 })).rejects.toMatchObject({ path: 'rows' });
  });
});

describe('gates', () => {
  test('each row has shares of experts for each task, as the graph gives them', async () => {
    const found = await wide.gates(rows.slice(0, 5));
    const features = wide.encoders.encodeRows(rows.slice(0, 5)).features.numeric;
    const session = await InferenceSession.create(
      new Uint8Array(readFileSync(join(folder, 'wide', 'model', 'model.onnx'))),
    );
    const [gate] = wide.signature.gates!;
    const outputs = await session.run({ numeric: new Tensor('float32', features.data, [5, 3]) });
    const raw = outputs[gate!.output]!;
    expect(raw.dims).toEqual([5, 2, 3]);
    found.forEach((use, row) => {
      gate!.subjects.forEach((task, t) => {
        const shares = Object.values(use[gate!.name]![task]!);
        expect(shares).toHaveLength(3);
        expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        shares.forEach((share, e) => {
          expect(share).toBeCloseTo((raw.data as Float32Array)[(row * 2 + t) * 3 + e]!, 5);
        });
      });
    });
    // Rows differ: it is no constant that is told.
    expect(found[0]).not.toEqual(found[1]);
  });

  test('of a long model a row has those of its own task', async () => {
    const [red, blue] = await long.gates([
      { ...rows[0]!, team: 'red' },
      { ...rows[0]!, team: 'blue' },
    ]);
    const [gate] = long.signature.gates!;
    expect(Object.keys(red![gate!.name]!)).toEqual(['red']);
    expect(Object.keys(blue![gate!.name]!)).toEqual(['blue']);
    expect(Object.values(red![gate!.name]!)).not.toEqual(Object.values(blue![gate!.name]!));
  });

  test('predictions are none of their business: outputs of tasks alone come back', async () => {
    expect(Object.keys(await wide.predict(rows[0]!))).toEqual(['won', 'score']);
  });
});

test('the command line says both, in words and as JSON', async () => {
  const file = join(folder, 'rows.csv');
  writeFileSync(file, toCsv(rows));
  const model = join(folder, 'wide', 'model');
  const words = await polytask(['explain', model, file, '--most', '2'], { cwd: folder });
  expect(words.code).toBe(0);
  expect(words.stdout).toMatch(/won: auc 0\.9\d+, and what it loses when a column is shuffled\n +x +0\.[45]/);
  expect(words.stdout).toContain('and 1 more (--most)');
  expect(words.stdout).toMatch(/won: expert 0 \d+ %, expert 1 \d+ %, expert 2 \d+ %/);
  const { stdout } = await polytask(['explain', model, file, '--json', '--repeats', '1'], { cwd: folder });
  const answer = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(answer.importance[1].columns[0].column).toBe('y');
  const wrong = await polytask(['explain', model, file, '--repeats', 'few'], { cwd: folder });
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toContain('usage-invalid at --repeats');
});
