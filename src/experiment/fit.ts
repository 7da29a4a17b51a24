import { availableParallelism } from 'node:os';
import { diagnose, warnOfUnusedExperts } from '../diagnosis/index.ts';
import type { Runtime } from '../engine/index.ts';
import {
  type BegunRun,
  beginRun,
  type PreparedEvent,
  type RunHooks,
  reopenRun,
  withRuntime,
} from './begin-run.ts';
import { calibrationOf } from './calibration.ts';
import { labelsOfTraining } from './causes/label-columns.ts';
import { withCauses } from './causes/with-causes.ts';
import { chooseBest } from './choose.ts';
import { checkReusable, openBaseline, takeOver } from './compare/reuse-baseline.ts';
import { comparedWays, scoresOf } from './compared-ways.ts';
import { parseConfig } from './config.ts';
import { splitFingerprint } from './divide-rows.ts';
import { exportedResult } from './exported.ts';
import type { Judged } from './judge.ts';
import { watched } from './live/watched.ts';
import { modelCard } from './model-card.ts';
import { modelFiles, writeModelFolder } from './model-folder.ts';
import { type Prepared, shownConfig } from './prepare.ts';
import { learnRepeats, rowsResult, telling } from './repeats/learn-repeats.ts';
import { beside, repeated } from './repeats/repeated.ts';
import { labelOfOwn, withTimeOf } from './repeats/repeats.ts';
import type { Repeated } from './repeats/result.ts';
import { renderReport } from './report/index.ts';
import type { RunResult, TaskFacts, TrialResult } from './result.ts';
import { type RunConfig, type RunConfigInput, seedList } from './run-config.ts';
import { RunFolder } from './run-folder.ts';
import { runSummary, SUMMARY } from './run-summary.ts';
import { type SearchEvent, search } from './search/search.ts';
import { chooses, searchRecord, settledConfig } from './search/settings.ts';
import { taskFacts } from './task-facts.ts';
import type { LearningHooks, TrainingEvent } from './train-kept.ts';
import { VERSION } from './version.ts';
import { type Learned, learn } from './ways.ts';

export type FitEvent =
  | PreparedEvent
  | SearchEvent
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
  const config = parseConfig(input);
  const alone = await openBaseline(config, hooks.directory);
  const run = await beginRun(config, hooks, (prepared) => {
    if (alone) checkReusable(alone, config, prepared);
    return chooses(config) ? searchRecord(config, input, prepared) : {};
  });
  if (alone) await takeOver(alone, run.folder, config);
  return carryOn(run, hooks);
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

function carryOn(run: BegunRun, given: FitHooks): Promise<RunResult> {
  return watched(run.folder, seedList(run.config), given, (hooks) => carryOnWith(run, hooks));
}

function carryOnWith(run: BegunRun, hooks: FitHooks & LearningHooks): Promise<RunResult> {
  const { folder, config, prepared } = run;
  const told = (event: FitEvent): void => hooks.onEvent?.(event);
  return withRuntime(run, told, async (runtime) => {
    const own = telling(hooks, labelOfOwn(config));
    const learned = chooses(config)
      ? await search(folder, config, prepared, runtime, run.record.given ?? [], own)
      : await learn(folder, withTimeOf(config), prepared, runtime, own);
    const tasks = taskFacts(prepared);
    const others = await learnRepeats(run, tasks, runtime, hooks);
    const more = repeated(config, rowsResult(prepared, tasks, learned), others);
    const result = await conclude(folder, config, prepared, runtime, learned, more);
    told({ phase: 'finished', result });
    return result;
  });
}

async function conclude(
  folder: RunFolder,
  config: RunConfig,
  prepared: Prepared,
  runtime: Runtime,
  { multi, independent, search: searched, best: chosen }: Learned,
  more: Repeated,
): Promise<RunResult> {
  const tasks = taskFacts(prepared);
  const best = chosen ?? chooseBest(multi, independent);
  const { watched } = multi.result;
  const labels = labelsOfTraining(prepared);
  const exported = config.committee ? best.trained.seeds : [best.seed];
  const found: RunResult = {
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
      split: splitFingerprint(prepared.split),
      columns: prepared.plans,
      warnings: prepared.warnings,
      ...(config.by !== undefined && { by: config.by }),
    },
    tasks,
    multi: multi.result,
    ...(independent && {
      independent: independent.result,
      diagnosis: diagnose(diagnosisInput(prepared, tasks, multi, independent, more)),
    }),
    ...more,
    ...(searched && { search: searched }),
    ...(labels && { labels }),
    ...(watched && { warnings: warnOfUnusedExperts(watched, multi.seeds) }),
    exported: exportedResult(best.trained, exported),
    best: { sharing: best.trained.result.sharing, objective: best.trained.result.objective, seed: best.seed },
    machine: { runtime: runtime.note, cores: availableParallelism(), node: process.version },
    model: folder.file('model'),
    report: folder.file('report.html'),
  };
  const settled = settledConfig(config, searched);
  const result = withCauses(found, settled);
  const shown = shownConfig(settled, prepared);
  const card = modelCard(prepared, {
    tasks,
    exported: result.exported!,
    calibration: calibrationOf(best.trained, exported),
    alone: result.diagnosis?.tasks.map(({ independent }) => independent),
    config: shown,
    runtime: runtime.note,
  });
  await writeModelFolder(folder.file('model'), modelFiles(best.trained, exported, config, card));
  await folder.write('report.html', renderReport(result, shown));
  await folder.write(SUMMARY, `${JSON.stringify(runSummary(result))}\n`);
  await folder.write('result.json', `${JSON.stringify(result)}\n`);
  return result;
}

function diagnosisInput(
  prepared: Prepared,
  tasks: readonly TaskFacts[],
  multi: Judged,
  independent: Judged,
  more: Repeated,
): Parameters<typeof diagnose>[0] {
  const compared = comparedWays(prepared, tasks, multi, independent);
  const side = (result: TrialResult) => ({
    ...scoresOf(result),
    curve: result.curve,
    parameters: result.parameters,
    fileBytes: result.fileBytes,
    latencyMs: result.latencyMs,
    rowsPerStep: result.rowsPerStep,
  });
  return {
    ...compared,
    tasks: compared.tasks.map((task, t) => ({ ...task, metric: tasks[t]!.metric })),
    multi: side(multi.result),
    independent: side(independent.result),
    ...beside(more),
  };
}
