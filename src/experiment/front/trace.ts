import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../../engine/index.ts';
import { chooseSharing } from '../../model/index.ts';
import { chooseObjective, withPreference } from '../../objective/index.ts';
import { Scorer } from '../../optimization/index.ts';
import {
  type BegunRun,
  beginRun,
  type PreparedEvent,
  type RunHooks,
  reopenRun,
  withRuntime,
} from '../begin-run.ts';
import { chooseBest } from '../choose.ts';
import { parseConfig } from '../config.ts';
import { splitFingerprint } from '../divide-rows.ts';
import { makeFolder } from '../files.ts';
import { judgeTrial } from '../judge.ts';
import { watched } from '../live/watched.ts';
import { cardOfSeed } from '../model-card.ts';
import { modelFiles, writeModelFolder } from '../model-folder.ts';
import { type Prepared, shownConfig } from '../prepare.ts';
import { refuseRepeats } from '../repeats/check-repeats.ts';
import { renderFront } from '../report/index.ts';
import { type RunConfigInput, seedList } from '../run-config.ts';
import { RunFolder } from '../run-folder.ts';
import { taskFacts } from '../task-facts.ts';
import { type LearningHooks, type TrainingEvent, trainKept } from '../train-kept.ts';
import { VERSION } from '../version.ts';
import { byName, choosePreferences } from './choose-preferences.ts';
import { concludeFront, type PointRecord } from './conclude.ts';
import type { FrontResult, FrontTask, Judged } from './result.ts';

export type FrontEvent =
  | PreparedEvent
  | TrainingEvent
  | { readonly phase: 'finished'; readonly result: FrontResult };

export interface FrontHooks extends RunHooks {
  onEvent?(event: FrontEvent): void;
}

/** The settings of a run, and for how many preferences among its tasks a model is trained. */
export type FrontConfigInput = RunConfigInput & { readonly preferences?: number | undefined };

const PREFERENCES = 5;
const OBJECTIVE = 'stch';

/**
 * Trains one model for each of several preferences among the tasks, over the same split, seeds and budget, and tells
 * which of them no other one beats.
 *
 * @throws PolytaskError for whatever is wrong with data, config or machine; a cancelled front can be resumed
 */
export async function runFront(
  { preferences = PREFERENCES, ...input }: FrontConfigInput,
  hooks: FrontHooks = {},
): Promise<FrontResult> {
  const config = parseConfig({ ...input, objective: input.objective ?? OBJECTIVE });
  refuseRepeats(config, 'a front');
  const chosen = chooseObjective(config.objective);
  const run = await beginRun(config, hooks, (prepared) => ({
    preferences: choosePreferences(config, prepared, chosen, preferences),
  }));
  return carryOn(run, hooks);
}

/**
 * Goes on with a front that was stopped or killed: models that are done stay, the last one goes on from its checkpoint.
 *
 * @param data the rows again, where they came from memory
 */
export async function resumeFront(
  path: string,
  hooks: FrontHooks = {},
  data?: unknown,
): Promise<FrontResult> {
  const run = await RunFolder.open(path, 'front');
  const finished = await run.folder.read(RESULT);
  if (finished !== undefined) return JSON.parse(finished) as FrontResult;
  return carryOn(await reopenRun(run, hooks, data), hooks);
}

const RESULT = 'front.json';
const REPORT = 'front.html';

function carryOn(run: BegunRun, given: FrontHooks): Promise<FrontResult> {
  return watched(run.folder, seedList(run.config), given, (hooks) => carryOnWith(run, hooks));
}

function carryOnWith(run: BegunRun, hooks: FrontHooks & LearningHooks): Promise<FrontResult> {
  const told = (event: FrontEvent): void => hooks.onEvent?.(event);
  return withRuntime(run, told, async (runtime) => {
    const { folder, record } = run;
    for (const name of [POINTS, MODELS]) await makeFolder(folder.file(name));
    const points: PointRecord[] = [];
    for (const index of record.preferences!.keys())
      points.push((await readPoint(folder, index)) ?? (await trainPoint(run, index, runtime, hooks)));
    const result = conclude(run, runtime, points);
    await folder.write(REPORT, renderFront(result));
    await folder.write(RESULT, `${JSON.stringify(result)}\n`);
    told({ phase: 'finished', result });
    return result;
  });
}

const POINTS = 'points';
const MODELS = 'models';

const pointFile = (index: number): string => join(POINTS, `${index + 1}.json`);

async function readPoint(folder: RunFolder, index: number): Promise<PointRecord | undefined> {
  const text = await folder.read(pointFile(index));
  return text === undefined ? undefined : (JSON.parse(text) as PointRecord);
}

/** Trains the model of one preference, keeps it, and judges it; its file says that it is done. */
async function trainPoint(
  { folder, record, config, prepared }: BegunRun,
  index: number,
  runtime: Runtime,
  hooks: LearningHooks,
): Promise<PointRecord> {
  const preferences = record.preferences!;
  const importance = preferences[index]!;
  const preference = byName(
    prepared.dataset.tasks.map(({ name }) => name),
    importance,
  );
  const { sharing, flow } = config.model;
  const trial = {
    sharing,
    flow,
    objective: withPreference(chooseObjective(config.objective), preference),
    importance,
    config,
    prepared,
    seeds: seedList(config),
  };
  const told = {
    name: `${index + 1}`,
    sharing: chooseSharing(sharing).sharing.name,
    preference,
    trial: index + 1,
    trials: preferences.length,
  };
  const trained = await judgeTrial(runtime, await trainKept(runtime, folder, trial, told, hooks));
  const { validation, test, steps, trainSeconds } = trained.result;
  const { seed } = chooseBest(trained);
  const model = folder.file(join(MODELS, `${index + 1}`));
  const shown = { config: shownConfig(config, prepared), runtime: runtime.note };
  const card = cardOfSeed(trained, taskFacts(prepared), seed, shown);
  await writeModelFolder(model, modelFiles(trained, [seed], config, card));
  const point: PointRecord = { preference: importance, validation, test, steps, trainSeconds, model, seed };
  await folder.write(pointFile(index), `${JSON.stringify(point)}\n`);
  return point;
}

function conclude(
  { folder, config, prepared }: BegunRun,
  runtime: Runtime,
  points: readonly PointRecord[],
): FrontResult {
  const { train, validation, test } = prepared.split;
  const tasks = frontTasks(prepared);
  return {
    version: 1,
    polytask: VERSION,
    created: new Date().toISOString(),
    run: folder.path,
    objective: chooseObjective(config.objective).name,
    sharing: chooseSharing(config.model.sharing).sharing.name,
    seeds: seedList(config),
    data: {
      source: prepared.source,
      fingerprint: prepared.fingerprint,
      rows: { train: train.length, validation: validation.length, test: test.length },
      split: splitFingerprint(prepared.split),
      warnings: prepared.warnings,
    },
    tasks,
    ...concludeFront(tasks, points),
    machine: { runtime: runtime.note, cores: availableParallelism(), node: process.version },
    report: folder.file(REPORT),
  };
}

function frontTasks({ dataset, split }: Prepared): FrontTask[] {
  const judged = (rows: Int32Array): Judged[] => {
    const { references, counts } = new Scorer(dataset, rows);
    return references.map(({ metric, baseline }, t) => ({
      metric: metric.name,
      higherIsBetter: metric.higherIsBetter,
      constant: baseline,
      labelled: counts[t]!,
    }));
  };
  const [validation, test] = [judged(split.validation), judged(split.test)];
  return dataset.tasks.map(({ name, kind }, t) => ({
    name,
    kind,
    validation: validation[t]!,
    test: test[t]!,
  }));
}
