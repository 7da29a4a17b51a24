import { test } from 'vitest';
import * as ort from 'onnxruntime-node';
import { LocalRuntime, type Ort } from '../engine/index.ts';
import { parseConfig } from './config.ts';
import { prepare } from './prepare.ts';
import { runTrial } from './trial.ts';

const cfgs: Record<string, any> = JSON.parse(process.env.CFG ?? '{}');
test('thin', async () => {
  let last = ''; let prepared: any;
  for (const [name, c] of Object.entries(cfgs)) {
  const { sharings, ...rest } = c; const config = parseConfig({ seeds: 1, ...rest });
  let t = performance.now();
  const key = JSON.stringify([rest.data, rest.tasks, rest.split, rest.encoders, rest.seed, rest.by]); if (key !== last) prepared = await prepare(config, process.cwd()); last = key;
  if (process.env.V) console.log(name, 'prepare', (performance.now() - t) | 0, JSON.stringify(prepared.signature.features).slice(0, 200), prepared.warnings.map((w) => w.message).slice(0, 3), prepared.plans.map((p) => `${p.name}:${p.role}:${p.encoder?.kind}`).join(' ').slice(0, 600));
  const runtime = new LocalRuntime(ort as unknown as Ort, { name: 'native', threads: 2 });
  for (const sharing of (c.sharings ?? ['shared-bottom', 'independent'])) {
    t = performance.now();
    const r = await runTrial(runtime, { sharing, config, prepared, seeds: Array.from({ length: config.seeds }, (_, i) => config.seed + i) }, {});
    const f = (v: any) => v === null || v === undefined ? 'null' : v.toFixed(4);
    const M = process.env.M ?? 'auc';
    const vals = r.result.allMetrics.map((m) => m[M] ?? null);
    const ok = vals.filter((v) => v !== null) as number[];
    console.log(name, sharing, 'sec', ((performance.now() - t) / 1000).toFixed(1), M, f(ok.reduce((a, b) => a + b, 0) / ok.length), '|', vals.slice(0, 14).map(f).join(' '), '| epochs', r.result.curve.at(-1)?.epoch, 'score', f(r.scores[0]), 'pooled', f((r.result as any).pooled?.[M]));
  }
  await runtime.close();
  }
}, 600000);
