import { z } from 'zod';
import type { FitAnswer } from '../../src/cli/summary.ts';

const values = z.record(z.string(), z.number().nullable());
const metrics = z.strictObject({ multi: values, independent: values.nullable() });
const metric = z.number().nullable();
const cost = z.strictObject({ multi: z.number().positive(), independent: z.number().positive().nullable() });
const verdict = z.enum(['share', 'separate', 'undecided']);

const delta = z.strictObject({ mean: metric, low: metric, high: metric });
const rows = z.strictObject({ train: z.int(), validation: z.int(), test: z.int() });
const onRows = {
  rows,
  delta,
  tasks: z.record(
    z.string(),
    z.strictObject({ multi: metric, independent: metric, delta: metric, low: metric, high: metric }),
  ),
};

const code = z.enum([
  'interference',
  'capacity',
  'overfitting',
  'learning-speed',
  'loss-scale',
  'noisy-task',
  'label-correlation',
  'label-imbalance',
]);
const side = z.enum(['together', 'alone']);
const groups = z.array(z.array(z.string()));
const gain = z.strictObject({ mean: z.number(), low: metric, high: metric });

/** What `fit --json` promises as its last line. */
export const fitAnswer: z.ZodType<FitAnswer> = z.strictObject({
  run: z.string(),
  verdict: z.enum([...verdict.options, 'mixed']),
  delta,
  words: z.array(z.string()),
  tasks: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(['binary', 'multiclass', 'multilabel', 'regression', 'count', 'ordinal']),
      metric: z.string(),
      higherIsBetter: z.boolean(),
      multi: metric,
      independent: metric,
      constant: metric,
      delta: metric,
      low: metric,
      high: metric,
      verdict,
      labelled: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
      metrics,
    }),
  ),
  transfer: z
    .strictObject({
      intervalOver: z.enum(['seeds', 'folds', 'rows', 'nothing']),
      wins: z.int(),
      losses: z.int(),
      seesaw: z.strictObject({ improved: z.int(), harmed: z.int() }),
      ranks: z.strictObject({ multi: metric, independent: metric }),
      meanOverTasks: delta,
      meanOverMetrics: delta,
    })
    .nullable(),
  folds: z.exactOptional(z.array(z.strictObject({ fold: z.int(), ...onRows }))),
  fractions: z.exactOptional(z.array(z.strictObject({ fraction: z.number(), ...onRows }))),
  pooled: z.exactOptional(metrics),
  cost: z.strictObject({ parameters: cost, trainSeconds: cost, latencyMs: cost, fileBytes: cost }),
  search: z.exactOptional(
    z.strictObject({
      objective: z.string(),
      limit: z.strictObject({ unit: z.enum(['seconds', 'steps']), total: z.number() }),
      best: z.strictObject({ together: z.string(), alone: z.exactOptional(z.string()) }),
      words: z.array(z.string()),
      leaderboard: z.array(
        z.strictObject({
          side,
          name: z.string(),
          stage: z.string(),
          score: metric,
          settings: z.looseObject({}),
          groups: z.exactOptional(groups),
          steps: z.int(),
          seconds: z.number(),
          finished: z.boolean(),
          failure: z.exactOptional(z.string()),
        }),
      ),
      chosen: z.strictObject({
        way: z.enum(['one model', 'groups', 'each alone', 'parts']),
        parts: z.array(z.strictObject({ side, name: z.string(), tasks: z.array(z.string()) })),
        delta: z.exactOptional(gain.nullable()),
        deltas: z.exactOptional(z.record(z.string(), gain.nullable())),
      }),
    }),
  ),
  best: z.strictObject({ sharing: z.string(), objective: z.string(), seed: z.int() }),
  exported: z
    .strictObject({ seeds: z.array(z.int()).min(1), tasks: z.record(z.string(), values) })
    .nullable(),
  causes: z
    .strictObject({
      found: z.array(
        z.strictObject({
          code,
          bearing: z.enum(['helps', 'hurts', 'limits']),
          tasks: z.array(z.string()),
          layers: z.exactOptional(z.array(z.string())),
          statistic: z.strictObject({ name: z.string(), value: z.number(), threshold: z.number() }),
          strength: z.number().min(0).max(1),
          sentence: z.string().min(1),
          advice: z.array(
            z.strictObject({
              settings: z.array(z.strictObject({ path: z.string(), value: z.unknown() })),
              apart: z.exactOptional(z.array(z.string())),
              sentence: z.string().min(1),
            }),
          ),
        }),
      ),
      absent: z.array(code),
      unmeasured: z.array(code),
    })
    .nullable(),
  rows,
  seeds: z.array(z.int()),
  warnings: z.array(z.looseObject({ code: z.string(), message: z.string(), help: z.string() })),
  runtime: z.string(),
  model: z.string(),
  report: z.string(),
});
