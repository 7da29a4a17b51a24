import { type BegunRun, type PreparedEvent, type RunHooks, reopenRun, withRuntime } from '../begin-run.ts';
import { openFinished } from '../finished-run.ts';
import { shownConfig } from '../prepare.ts';
import { renderReport } from '../report/index.ts';
import type { RunResult } from '../result.ts';
import type { RunConfig } from '../run-config.ts';
import { settledConfig } from '../search/settings.ts';
import type { TrainingEvent } from '../train-kept.ts';
import { probeWidth } from './width-probe.ts';
import { withCauses } from './with-causes.ts';

export interface AdviseOptions extends RunHooks {
  /** Whether to train the models of the run once more, twice as wide, where that was not done (default true). */
  readonly probe?: boolean;
  /** The rows again, where they came from memory and are needed for the probe. */
  readonly data?: unknown;
  onEvent?(event: PreparedEvent | TrainingEvent): void;
}

/** A run with what it tells of why sharing helped or hurt, and what it was asked to do. */
export interface AdvisedRun {
  readonly result: RunResult;
  readonly config: RunConfig;
  /** The folder that relative paths of the config start from. */
  readonly directory: string;
}

/**
 * Says why sharing helped or hurt in a finished run. Trains what cannot be told without, the run's models with a trunk of
 * twice the width, and keeps what that found with the run: in `result.json` and in the report.
 *
 * @param path the run folder
 * @returns the result of the run with its causes
 * @throws `run-folder` for a run that is not finished; a cancelled probe goes on at the next call
 */
export async function adviseRun(
  path: string,
  { probe = true, data, ...hooks }: AdviseOptions = {},
): Promise<AdvisedRun> {
  const { result: before, ...run } = await openFinished(path);
  const { directory } = run.record;
  const config = settledConfig(run.record.config, before.search);
  const width =
    before.width ??
    (probe && canProbe(before, config) ? await probed(await reopenRun(run, hooks, data), hooks) : undefined);
  const result = withCauses({ ...before, ...(width && { width }) }, config);
  const rendered = JSON.stringify(result);
  if (rendered !== JSON.stringify(before)) {
    await run.folder.write('report.html', renderReport(result, shownConfig(config, result.data)));
    await run.folder.write('result.json', `${rendered}\n`);
  }
  return { result, config, directory };
}

/** A network without layers has no width, one seed no interval; a run that searched has tried widths itself. */
function canProbe({ independent, seeds, search }: RunResult, { model }: RunConfig): boolean {
  return independent !== undefined && seeds.length > 1 && model.hidden.length > 0 && search === undefined;
}

function probed(
  run: BegunRun,
  hooks: Pick<AdviseOptions, 'signal' | 'onEvent'>,
): ReturnType<typeof probeWidth> {
  const told = (event: PreparedEvent | TrainingEvent): void => hooks.onEvent?.(event);
  return withRuntime(run, told, (runtime) => probeWidth(run, runtime, hooks));
}
