import { join } from 'node:path';
import { measureTransfer, type Scores } from '../../diagnosis/index.ts';
import type { Runtime } from '../../engine/index.ts';
import { Scorer } from '../../optimization/index.ts';
import { type BegunRun, checkUnchanged, type RunHooks } from '../begin-run.ts';
import { comparedWays, scoresOf } from '../compared-ways.ts';
import { makeFolder } from '../files.ts';
import { type Prepared, prepare } from '../prepare.ts';
import type { TaskFacts, TrialResult } from '../result.ts';
import type { Checkpoints, RunFolder } from '../run-folder.ts';
import type { LearningHooks } from '../train-kept.ts';
import { type Learned, learn } from '../ways.ts';
import { type Repeat, repeatsOf, withTimeOf } from './repeats.ts';
import type { RowsResult } from './result.ts';

const FOLDER = 'repeats';

/**
 * Learns the same ways on the other choices of rows that a run asks for, one after the other; those that are done are read
 * again. Every choice is prepared anew: what is fitted is fitted on its own training rows.
 */
export async function learnRepeats(
  run: BegunRun,
  tasks: readonly TaskFacts[],
  runtime: Runtime,
  hooks: RunHooks & LearningHooks,
): Promise<RowsResult[]> {
  const { folder, record } = run;
  const config = withTimeOf(run.config);
  const results: RowsResult[] = [];
  const repeats = repeatsOf(config);
  if (repeats.length > 0) await makeFolder(folder.file(FOLDER));
  for (const repeat of repeats) {
    const file = join(FOLDER, `${repeat.name}.json`);
    const done = await folder.read(file);
    if (done !== undefined) {
      results.push(JSON.parse(done) as RowsResult);
      continue;
    }
    const prepared = await prepare(config, record.directory, hooks.textEncoder, repeat.choice);
    checkUnchanged(prepared, record);
    const learned = await learn(
      checkpointsOf(folder, repeat),
      config,
      prepared,
      runtime,
      telling(hooks, repeat.label),
    );
    const result = rowsResult(prepared, tasks, learned);
    await folder.write(file, `${JSON.stringify(result)}\n`);
    results.push(result);
  }
  return results;
}

/** Events of training that say which rows they are about. */
export function telling<H extends LearningHooks>(hooks: H, rows: string | undefined): H {
  const { onEvent } = hooks;
  if (rows === undefined || onEvent === undefined) return hooks;
  return { ...hooks, onEvent: (event) => onEvent.call(hooks, { ...event, rows }) };
}

function checkpointsOf(folder: RunFolder, { name }: Repeat): Checkpoints {
  return {
    readCheckpoint: (trial) => folder.readCheckpoint(`${name}.${trial}`),
    writeCheckpoint: (trial, checkpoint) => folder.writeCheckpoint(`${name}.${trial}`, checkpoint),
  };
}

/**
 * What was reached on some rows, told of the run's tasks in their order. Where these rows define another metric than the
 * run's, a task has none.
 */
export function rowsResult(
  prepared: Prepared,
  tasks: readonly TaskFacts[],
  { multi, independent }: Learned,
): RowsResult {
  const { dataset, split } = prepared;
  const { references } = new Scorer(dataset, split.test);
  const places = tasks.map(({ task, metric }) =>
    dataset.tasks.findIndex(({ name }, t) => name === task.name && references[t]!.metric.name === metric),
  );
  const inOrder = (result: TrialResult): Scores => {
    const { test, metrics } = scoresOf(result);
    return {
      test: test.map((seed) => places.map((t) => seed[t] ?? null)),
      ...(metrics && { metrics: metrics.map((seed) => places.map((t) => seed[t] ?? {})) }),
    };
  };
  const rows = { train: split.train.length, validation: split.validation.length, test: split.test.length };
  const own = { rows, multi: inOrder(multi.result) };
  if (independent === undefined) return own;
  const compared = comparedWays(prepared, tasks, multi, independent);
  const { resampled } = compared;
  const transfer = measureTransfer({
    ...compared,
    multi: own.multi,
    independent: inOrder(independent.result),
    ...(resampled && { resampled: places.map((t) => resampled[t] ?? []) }),
  });
  return { ...own, independent: inOrder(independent.result), transfer };
}
