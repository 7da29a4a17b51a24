import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import { type BinaryPrediction, binary, fit, type RunConfigInput, regression } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-flow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stream = new RandomStream(5, 'funnel');
/** Customers who visit, of whom some buy; some labels of the purchase are missing. */
const ROWS = Array.from({ length: 600 }, (_, i) => {
  const [age, income] = [stream.normal(i, 0), stream.normal(i, 1)];
  const visit = stream.uniform(i, 2) < 1 / (1 + Math.exp(-age));
  const buys = visit && stream.uniform(i, 3) < 1 / (1 + Math.exp(1 - 2 * income));
  return { age, income, visit, conversion: i % 10 === 0 ? null : buys, spend: buys ? 10 + income : 0 };
});

const learn = async (name: string, model: NonNullable<RunConfigInput['model']>) =>
  fit({
    data: ROWS,
    tasks: { visit: binary(), conversion: binary(), spend: regression() },
    model: { hidden: [16], dropout: 0, ...model },
    training: { maxEpochs: 8, batchSize: 64, learningRate: 0.01 },
    seeds: 2,
    baseline: false,
    threads: 1,
    out: join(folder, name),
  });

test('ESMM from rows to predictions: nobody is likelier to buy than to come', async () => {
  const { result, model } = await learn('esmm', { flow: 'esmm:path=visit+conversion' });
  const predictions = await model.predict(ROWS);
  await model.close();
  for (const { visit, conversion } of predictions)
    expect(conversion.probability).toBeLessThanOrEqual(visit.probability);
  const mean = (read: (row: (typeof predictions)[number]) => BinaryPrediction): number =>
    predictions.reduce((sum, row) => sum + read(row).probability, 0) / predictions.length;
  const rate = ROWS.filter(({ visit }) => visit).length / ROWS.length;
  expect(mean(({ visit }) => visit)).toBeCloseTo(rate, 1);
  for (const seed of result.multi.test)
    for (const [t, value] of seed.entries())
      if (result.tasks[t]!.metric === 'auc') expect(value).toBeGreaterThan(0.6);
});

test('other flows go the same way, and independent networks feel each other through one', async () => {
  for (const [name, model] of Object.entries({
    aitm: { flow: 'aitm:path=visit+conversion' },
    labels: { flow: { name: 'conditional', parents: { spend: ['conversion', 'visit'] }, given: 'labels' } },
    alone: { sharing: 'independent', flow: 'esmm:path=visit+conversion' },
  })) {
    const { result, model: fitted } = await learn(name, model);
    await fitted.close();
    const visit = result.tasks.findIndex(({ task }) => task.name === 'visit');
    for (const seed of result.multi.test) expect(seed[visit], name).toBeGreaterThan(0.6);
  }
});

test('a baseline has no flow', async () => {
  const { result, model } = await fit({
    data: ROWS,
    tasks: { visit: binary(), conversion: binary() },
    model: { sharing: 'independent', flow: 'esmm:path=visit+conversion', hidden: [8], dropout: 0 },
    training: { maxEpochs: 2 },
    exclude: ['spend'],
    seeds: 1,
    threads: 1,
    out: join(folder, 'baseline'),
  });
  await model.close();
  // Both are independent networks: equal sizes, other results.
  expect(result.independent?.sharing).toBe('independent');
  expect(result.independent?.parameters.total).toBe(result.multi.parameters.total);
  expect(result.independent?.test).not.toEqual(result.multi.test);
});

test('a flow that does not fit is refused before there is a run folder', async () => {
  const refused = (model: NonNullable<RunConfigInput['model']>, more: object = {}) =>
    fit({
      data: ROWS,
      tasks: { visit: binary(), conversion: binary() },
      model,
      exclude: ['spend'],
      out: join(folder, 'refused'),
      ...more,
    });
  await expect(refused({ flow: 'esmm:path=visit+conversoin' })).rejects.toMatchObject({
    code: 'flow-invalid',
    help: 'Did you mean "conversion"?',
  });
  await expect(
    refused(
      { flow: 'esmm:path=visit+conversion' },
      { training: { checkpoint: 'task', maxEpochs: 1 }, seeds: 1 },
    ),
  ).rejects.toMatchObject({ code: 'training-invalid', path: 'training.checkpoint' });
});
