import { test } from 'vitest';
import * as ort from 'onnxruntime-node';
import { LocalRuntime, type Ort } from '../engine/index.ts';
import { parseConfig } from './config.ts';
import { prepare } from './prepare.ts';
import { runTrial } from './trial.ts';

test('thin', async () => {
  const config = parseConfig({
    data: '../shared/data/census-income/census-income.csv.gz',
    tasks: { income_over_50k: {}, never_married: {} },
    split: '0.6/0.2/0.2', seeds: 1,
    training: { maxEpochs: 8 },
  });
  let t = performance.now();
  const prepared = await prepare(config);
  console.log('prepare', performance.now() - t, prepared.signature, prepared.warnings.map((w) => w.message), prepared.plans.map((p) => `${p.name}:${p.role}:${p.encoder?.kind}`).join(' '));
  const runtime = new LocalRuntime(ort as unknown as Ort, { name: 'native', threads: 2 });
  for (const sharing of ['shared-bottom', 'independent']) {
    t = performance.now();
    const r = await runTrial(runtime, { sharing, config, prepared, seeds: [0] }, {});
    console.log(sharing, performance.now() - t, r.result.test, r.result.curve.map((c) => JSON.stringify(c.metrics)), r.result.trainSeconds, r.result.steps, r.result.latencyMs, r.result.parameters);
  }
}, 600000);
