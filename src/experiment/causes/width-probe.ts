import type { WidthProbe } from '../../diagnosis/index.ts';
import type { Runtime } from '../../engine/index.ts';
import { Scorer } from '../../optimization/index.ts';
import type { BegunRun } from '../begin-run.ts';
import type { RunConfig } from '../run-config.ts';
import type { Checkpoints } from '../run-folder.ts';
import type { LearningHooks } from '../train-kept.ts';
import { type KeptTrial, openPredictor } from '../trial.ts';
import { trainWays } from '../ways.ts';

const FACTOR = 2;

/**
 * Trains what a run compared once more with a trunk of twice the width: same rows, seeds and budget, from the last
 * checkpoints on. Both sides are scored on the validation rows; the test rows stay closed.
 */
export async function probeWidth(
  { folder, config, prepared }: BegunRun,
  runtime: Runtime,
  hooks: LearningHooks,
): Promise<WidthProbe> {
  const wide = widened(config);
  const { multi, independent } = await trainWays(apart(folder), wide, prepared, runtime, hooks);
  return {
    hidden: wide.model.hidden,
    multi: await validated(runtime, multi),
    independent: await validated(runtime, independent!),
  };
}

function widened(config: RunConfig): RunConfig {
  const { model } = config;
  const twice = (widths: readonly number[]): number[] => widths.map((width) => FACTOR * width);
  const sharing = model.sharing as { readonly name: string; readonly hidden?: unknown };
  return {
    ...config,
    affinity: { name: 'none' },
    model: {
      ...model,
      hidden: twice(model.hidden),
      // Where experts have widths of their own, these are the trunk.
      sharing: Array.isArray(sharing.hidden) ? { ...sharing, hidden: twice(sharing.hidden) } : sharing,
    },
  };
}

/** Checkpoints beside those of the run itself. */
function apart(folder: Checkpoints): Checkpoints {
  const named = (name: string): string => `${name}-wide`;
  return {
    readCheckpoint: (name) => folder.readCheckpoint(named(name)),
    writeCheckpoint: (name, checkpoint) => folder.writeCheckpoint(named(name), checkpoint),
  };
}

async function validated(runtime: Runtime, { trial, spec, theta }: KeptTrial): Promise<WidthProbe['multi']> {
  const { dataset, split } = trial.prepared;
  const predictor = await openPredictor(runtime, trial, spec, split.validation);
  const outputs = await predictor.predict(theta).finally(() => predictor.close());
  const scorer = new Scorer(dataset, split.validation);
  return trial.seeds.map((_, s) => scorer.metrics(outputs, s));
}
