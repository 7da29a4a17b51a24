import { join, resolve } from 'node:path';
import { PolytaskError } from '../../common/error.ts';
import { columnsAside } from '../../model/index.ts';
import { splitFingerprint } from '../divide-rows.ts';
import { readIfThere } from '../files.ts';
import { type FinishedRun, openFinished } from '../finished-run.ts';
import type { Prepared } from '../prepare.ts';
import { repeatsOf } from '../repeats/repeats.ts';
import { type RunConfig, type RunConfigInput, seedList } from '../run-config.ts';
import type { RunFolder } from '../run-folder.ts';
import { chooses } from '../search/settings.ts';
import { differences, settingsOf } from './settings.ts';

/** What trainings of each task alone are called. */
const ALONE = 'independent';

/** Settings of one model that serves several tasks, which a model of one task does not know. */
const JOINT = ['sharing', 'flow', 'conditioning', 'descriptor'];

/**
 * The same run with each task alone: what `polytask baselines` trains.
 *
 * @throws `config-invalid` where a way of learning together is asked for
 */
export function aloneConfig(config: RunConfigInput): RunConfigInput {
  const asked = [
    ...Object.keys(config.model ?? {})
      .filter((name) => JOINT.includes(name))
      .map((name) => `model.${name}`),
    ...(config.objective === undefined ? [] : ['objective']),
  ];
  if (asked.length > 0)
    throw new PolytaskError('config-invalid', {
      path: asked[0]!,
      expected: 'settings of each task alone',
      found: 'a way of learning together',
      help: 'Leave it out here, and give it to "polytask fit --baseline RUN".',
    });
  return {
    ...config,
    model: { ...config.model, sharing: ALONE },
    // A limit is one of training here: nothing is left to choose.
    ...(config.timeLimit !== undefined && { choose: false }),
  };
}

/**
 * The run whose models of each task alone another one takes over, where its settings name one.
 *
 * @param directory the folder that a relative path starts from
 * @throws `run-folder`; `config-invalid` beside a search
 */
export async function openBaseline(
  config: RunConfig,
  directory: string = process.cwd(),
): Promise<FinishedRun | undefined> {
  const { baseline } = config;
  if (typeof baseline === 'string' && chooses(config))
    throw new PolytaskError('config-invalid', {
      path: 'baseline',
      expected: 'true or false beside a search, which chooses for each task alone as well',
      found: baseline,
      help: 'Leave it out, or add --set choose=false.',
    });
  return typeof baseline === 'string' ? openFinished(resolve(directory, baseline)) : undefined;
}

/**
 * Refuses models of each task alone that were trained on other rows, from other seeds, as other networks, or for longer.
 *
 * @throws `runs-differ` with what differs
 */
export function checkReusable(
  { folder, record, result }: FinishedRun,
  config: RunConfig,
  prepared: Prepared,
): void {
  const refuse = (what: string, expected: string, found: string): never => {
    throw new PolytaskError('runs-differ', {
      path: `baseline: ${folder.path}: ${what}`,
      expected,
      found,
      help: 'Train it anew with "polytask baselines" and the same options, or leave --baseline out.',
    });
  };
  const same = (what: string, own: unknown, other: unknown): void => {
    if (JSON.stringify(own) !== JSON.stringify(other))
      refuse(what, `${JSON.stringify(own)} as here`, JSON.stringify(other));
  };
  const { sharing } = result.independent ?? result.multi;
  if (sharing !== ALONE || result.search !== undefined)
    refuse(
      'models',
      'a network for each task with the settings of this run',
      result.search === undefined ? sharing : 'networks that a search has chosen',
    );
  same('data', prepared.fingerprint, result.data.fingerprint);
  same('folds', config.folds ?? null, record.config.folds ?? null);
  same('split', splitFingerprint(prepared.split), result.data.split);
  same('seeds', seedList(config), result.seeds);
  same('seconds for each way', secondsOf(config, 2), secondsOf(record.config, result.independent ? 2 : 1));
  const [own, other] = [learningOf(config), learningOf(record.config)];
  const [path] = differences([own, other]);
  if (path !== undefined) same(path, own[path] ?? null, other[path] ?? null);
  if (JSON.stringify(prepared.plans) !== JSON.stringify(result.data.columns))
    refuse('columns', 'the same inputs and encoders', 'others');
}

/** All that decides what a network of one task becomes. */
function learningOf(config: RunConfig): Record<string, unknown> {
  const { model, training, sampling, tasks, by, weight } = config;
  const own = Object.entries(model).filter(([name]) => !JOINT.includes(name));
  return {
    ...settingsOf({ model: Object.fromEntries(own), training, sampling, tasks, by, weight }),
    // Columns that the joint model takes aside, each task alone goes without.
    'columns aside': columnsAside(model.sharing),
  };
}

function secondsOf(config: RunConfig, ways: number): number | null {
  return config.timeLimit === undefined ? null : config.timeLimit / (repeatsOf(config).length + 1) / ways;
}

/** Takes over what was trained, as if it had been trained here; what is not there is trained. */
export async function takeOver(from: FinishedRun, folder: RunFolder, config: RunConfig): Promise<void> {
  const names = [ALONE, ...repeatsOf(config).map(({ name }) => `${name}.${ALONE}`)];
  for (const name of names) {
    const file = join('checkpoints', `${name}.ckpt`);
    const content = await readIfThere(from.folder.file(file));
    if (content !== undefined) await folder.write(file, content);
  }
}
