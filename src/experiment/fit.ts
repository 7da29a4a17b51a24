import { availableParallelism } from 'node:os';
import { diagnose, warnOfUnusedExperts } from '../diagnosis/index.ts';
import type { Runtime } from '../engine/index.ts';
import { Scorer } from '../optimization/index.ts';
import {
  type BegunRun,
  beginRun,
  type PreparedEvent,
  type RunHooks,
  reopenRun,
  withRuntime,
} from './begin-run.ts';
import { chooseBest } from './choose.ts';
import { parseConfig } from './config.ts';
import type { Judged } from './judge.ts';
import { writeModel } from './model-folder.ts';
import { type Prepared, ROWS_IN_MEMORY } from './prepare.ts';
import { renderReport } from './report/index.ts';
import { resampledDeltas } from './resample.ts';
import type { RunResult, TaskFacts, TrialResult } from './result.ts';
import type { RunConfig, RunConfigInput } from './run-config.ts';
import { RunFolder } from './run-folder.ts';
import type { TrainingEvent } from './train-kept.ts';
import { VERSION } from './version.ts';
import { type Learned, learn } from './ways.ts';

export type FitEvent =
  | PreparedEvent
  | TrainingEvent
  | { readonly phase: 'finished'; readonly result: RunResult };

export interface FitHooks extends RunHooks {
  onEvent?(event: FitEvent): void;
}

/**
 * From a table to a verdict: learns the tasks together and each alone, over the same split, seeds and budget, and
 * leaves a run folder with the better model and a report.
 *
 * @throws PolytaskError for whatever is wrong with data, config or machine; a cancelled run can be resumed
 */
export async function runFit(input: RunConfigInput, hooks: FitHooks = {}): Promise<RunResult> {
  return carryOn(await beginRun(parseConfig(input), hooks), hooks);
}

/**
 * Goes on with a run that was stopped or killed, from its last checkpoints; a finished run answers with its result.
 *
 * @param data the rows again, where they came from memory
 */
export async function resumeFit(path: string, hooks: FitHooks = {}, data?: unknown): Promise<RunResult> {
  const run = await RunFolder.open(path, 'fit');
  const finished = await run.folder.read('result.json');
  if (finished !== undefined) return JSON.parse(finished) as RunResult;
  return carryOn(await reopenRun(run, hooks, data), hooks);
}

function carryOn(run: BegunRun, hooks: FitHooks): Promise<RunResult> {
  const { folder, config, prepared } = run;
  const told = (event: FitEvent): void => hooks.onEvent?.(event);
  return withRuntime(run, told, async (runtime) => {
    const learned = await learn(folder, config, prepared, runtime, hooks);
    const result = await conclude(folder, config, prepared, runtime, learned);
    told({ phase: 'finished', result });
    return result;
  });
}

async function conclude(
  folder: RunFolder,
  config: RunConfig,
  prepared: Prepared,
  runtime: Runtime,
  { multi, independent }: Learned,
): Promise<RunResult> {
  const tasks = taskFacts(prepared);
  const best = chooseBest(multi, independent);
  const { watched } = multi.result;
  await writeModel(folder.file('model'), best.trained, best.seed, config);
  const result: RunResult = {
    version: 1,
    polytask: VERSION,
    created: new Date().toISOString(),
    run: folder.path,
    seeds: multi.seeds,
    data: {
      source: prepared.source,
      fingerprint: prepared.fingerprint,
      rows: {
        train: prepared.split.train.length,
        validation: prepared.split.validation.length,
        test: prepared.split.test.length,
      },
      columns: prepared.plans,
      warnings: prepared.warnings,
      ...(config.by !== undefined && { by: config.by }),
    },
    tasks,
    multi: multi.result,
    ...(independent && {
      independent: independent.result,
      diagnosis: diagnose(diagnosisInput(prepared, tasks, multi, independent)),
    }),
    ...(watched && { warnings: warnOfUnusedExperts(watched, multi.seeds) }),
    best: { sharing: best.trained.result.sharing, objective: best.trained.result.objective, seed: best.seed },
    machine: { runtime: runtime.note, cores: availableParallelism(), node: process.version },
    model: folder.file('model'),
    report: folder.file('report.html'),
  };
  await folder.write(
    'report.html',
    renderReport(result, { ...config, data: shownData(config.data, prepared) }),
  );
  await folder.write('result.json', `${JSON.stringify(result)}\n`);
  return result;
}

function taskFacts({ dataset, split }: Prepared): TaskFacts[] {
  const test = new Scorer(dataset, split.test);
  const validation = new Scorer(dataset, split.validation);
  return dataset.tasks.map((task, t) => {
    const { metric, baseline } = test.references[t]!;
    return {
      task,
      metric: metric.name,
      higherIsBetter: metric.higherIsBetter,
      constant: baseline,
      labelled: { train: task.labelled, validation: validation.counts[t]!, test: test.counts[t]! },
    };
  });
}

function diagnosisInput(
  prepared: Prepared,
  tasks: readonly TaskFacts[],
  multi: Judged,
  independent: Judged,
): Parameters<typeof diagnose>[0] {
  const side = (result: TrialResult) => ({
    test: result.test,
    curve: result.curve,
    parameters: result.parameters,
    fileBytes: result.fileBytes,
    latencyMs: result.latencyMs,
  });
  const resampled =
    multi.seeds.length > 1
      ? undefined
      : resampledDeltas(prepared, multi.testOutputs, independent.testOutputs, multi.seeds[0]!);
  return {
    tasks: tasks.map(({ task, metric, higherIsBetter }) => ({ name: task.name, metric, higherIsBetter })),
    multi: side(multi.result),
    independent: side(independent.result),
    ...(resampled && { resampled }),
  };
}

/** Rows that came from memory are not printed with the settings. */
function shownData(data: unknown, { source }: Prepared): unknown {
  return source === ROWS_IN_MEMORY ? source : data;
}
