import { resolve } from 'node:path';
import { PolytaskError } from '../common/error.ts';
import type { SentenceEncoder } from '../data/descriptors/index.ts';
import type { Runtime } from '../engine/index.ts';
import { openRuntime } from '../platform/node/index.ts';
import { checkMethods } from './check-methods.ts';
import { checkUnseen } from './check-unseen.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { RunConfig } from './run-config.ts';
import { defaultFolder, RunFolder, type RunRecord } from './run-folder.ts';

/** The data is there, and training begins. */
export interface PreparedEvent {
  readonly phase: 'prepared';
  readonly prepared: Prepared;
  readonly runtime: string;
  readonly run: string;
}

export interface RunHooks {
  readonly signal?: AbortSignal;
  /** The folder that relative paths start from; default: the current one. */
  readonly directory?: string;
  /** Makes z of sentences about tasks, in place of hashed n-grams; `load` wants the same one. */
  readonly textEncoder?: SentenceEncoder;
}

/** A run with its data, ready to be carried on. */
export interface BegunRun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly config: RunConfig;
  readonly prepared: Prepared;
}

/**
 * Checks settings against the data, and makes the folder of a new run.
 *
 * @param more what else the run should know of itself; it may refuse what does not fit
 */
export async function beginRun(
  config: RunConfig,
  hooks: RunHooks,
  more: (prepared: Prepared) => Pick<RunRecord, 'preferences' | 'given'> = () => ({}),
): Promise<BegunRun> {
  const directory = hooks.directory ?? process.cwd();
  const prepared = await prepare(config, directory, hooks.textEncoder);
  checkMethods(config, prepared.signature);
  checkUnseen(config, prepared);
  const own = more(prepared);
  const folder = await RunFolder.create(resolve(directory, config.out ?? defaultFolder(new Date())));
  const record: RunRecord = {
    version: 1,
    config,
    directory,
    created: new Date().toISOString(),
    fingerprint: prepared.fingerprint,
    ...own,
  };
  await folder.begin(record);
  return { folder, record, config, prepared };
}

/**
 * A run that was begun, with its data.
 *
 * @param data the rows again, where they came from memory
 * @throws `run-changed` where they are others
 */
export async function reopenRun(
  { folder, record }: Pick<BegunRun, 'folder' | 'record'>,
  hooks: RunHooks,
  data?: unknown,
): Promise<BegunRun> {
  const config = data === undefined ? record.config : { ...record.config, data };
  const prepared = await prepare(config, record.directory, hooks.textEncoder);
  checkUnchanged(prepared, record);
  return { folder, record, config, prepared };
}

/** @throws `run-changed` where the data are not those that the run began with */
export function checkUnchanged(prepared: Prepared, record: RunRecord): void {
  if (prepared.fingerprint !== record.fingerprint)
    throw new PolytaskError('run-changed', {
      path: prepared.source,
      expected: `the data that the run began with (${record.fingerprint})`,
      found: prepared.fingerprint,
      help: 'Restore the data, or start a new run.',
    });
}

/** Carries a run on with the runtime that its settings ask for. */
export async function withRuntime<R>(
  { config, prepared, folder }: BegunRun,
  begun: (event: PreparedEvent) => void,
  work: (runtime: Runtime) => Promise<R>,
): Promise<R> {
  const runtime = await openRuntime({
    runtime: config.runtime,
    ...(config.threads !== undefined && { threads: config.threads }),
  });
  try {
    begun({ phase: 'prepared', prepared, runtime: runtime.note, run: folder.path });
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}
