import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import { binary, fit, type Model, type RunResult } from '../src/index.ts';

const POSITIONS = 6;
const examination = (position: number): number => 1 / position;
const folder = mkdtempSync(join(tmpdir(), 'polytask-position-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Lists that an earlier ranker put in order by `fresh`, which nobody cares for; users want what `fits` them, and click
 * what they want and look at.
 */
function lists(count: number, seed: number) {
  const stream = new RandomStream(seed, 'lists');
  return Array.from({ length: count }, (_, l) =>
    Array.from({ length: POSITIONS }, (_item, i) => {
      const at = l * POSITIONS + i;
      const [fits, fresh] = [stream.normal(at, 0), stream.normal(at, 1)];
      return { fits, fresh, order: fresh + 0.8 * stream.normal(at, 2), at };
    })
      .sort((a, b) => b.order - a.order)
      .map(({ fits, fresh, at }, i) => {
        const wanted = stream.uniform(at, 3) < 1 / (1 + Math.exp(0.5 - 2 * fits));
        const click = wanted && stream.uniform(at, 4) < examination(i + 1);
        const like = click && stream.uniform(at, 5) < 0.5;
        return { fits, fresh, position: i + 1, click, like, wanted };
      }),
  ).flat();
}

const TRAIN = lists(1000, 1);
const TEST = lists(300, 2);

async function learn(name: string, sharing: string, exclude: string[], maxEpochs: number = 15) {
  return fit({
    data: TRAIN,
    tasks: { click: binary(), like: binary() },
    exclude: ['wanted', ...exclude],
    model: { sharing, hidden: [16, 8], dropout: 0 },
    training: { maxEpochs, patience: 15, batchSize: 128, learningRate: 0.005 },
    seeds: 1,
    // A short run is one that compares.
    baseline: maxEpochs < 15,
    threads: 1,
    out: join(folder, name),
  });
}

/** The share of pairs, one wanted and one not, that clicks' probabilities put in the right order. */
async function auc(model: Model): Promise<number> {
  const predictions = await model.predict(TEST.map(({ fits, fresh }) => ({ fits, fresh })));
  const scores = (predictions as { click: { probability: number } }[]).map(({ click }) => click.probability);
  let [right, pairs] = [0, 0];
  TEST.forEach((good, i) => {
    if (!good.wanted) return;
    TEST.forEach((bad, j) => {
      if (bad.wanted) return;
      pairs++;
      right += Number(scores[i]! > scores[j]!);
    });
  });
  return right / pairs;
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const centred = (values: readonly number[]): number[] => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const product = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const [a, b] = [centred(x), centred(y)];
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

let result: RunResult;
let model: Model;
beforeAll(async () => {
  const fitted = await learn('youtube', 'youtube:position=position,experts=2', []);
  result = fitted.result;
  model = fitted.model as unknown as Model;
});
afterAll(() => model.close());

test('the tower learns how likely a position is looked at', () => {
  const table = result.multi.watched!.find(({ name }) => name === 'position bias')!;
  expect(table.rows).toEqual(['missing', 'rare', '1', '2', '3', '4', '5', '6']);
  const learned = table.values[0]!.slice(2).map((row) => row[table.columns.indexOf('click')]!);
  const injected = learned.map((_, i) => Math.log(examination(i + 1)));
  expect(correlation(learned, injected)).toBeGreaterThan(0.95);
});

test('ranking without the position is better than by clicks as they seem', async () => {
  const ignoring = await learn('ignoring', 'mmoe:experts=2,bottom=1', ['position']);
  const [without, naive] = [await auc(model), await auc(ignoring.model as unknown as Model)];
  await ignoring.model.close();
  expect(without).toBeGreaterThan(naive + 0.02);
});

test('serving needs no position, says nothing of it, and does not read one', async () => {
  const rows = [{ fits: 1, fresh: 0 }];
  const plain = await model.predict(rows);
  expect(model.warnings).toEqual([]);
  for (const position of [1, 6, 99]) expect(await model.predict([{ ...rows[0]!, position }])).toEqual(plain);
  await model.predict([{ fits: 1 }]);
  expect(model.warnings.map(({ column }) => column)).toEqual(['fresh']);
});

test('independent networks to compare with do without the position too', async () => {
  const { result: compared, model: best } = await learn(
    'compared',
    'youtube:position=position,experts=2',
    [],
    1,
  );
  await best.close();
  const inputs = 2;
  const own = (inputs + 1) * 16 + (16 + 1) * 8 + (8 + 1);
  expect(compared.independent!.parameters.total).toBe(2 * own);
});
