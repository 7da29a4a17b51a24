import { PolytaskError } from '../common/error.ts';
import type { RunResult } from './result.ts';
import { RunFolder, type RunRecord } from './run-folder.ts';

/** A run that is done. */
export interface FinishedRun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly result: RunResult;
}

/** @throws `run-folder` where there is no run, another kind of run, or one that is not finished */
export async function openFinished(path: string): Promise<FinishedRun> {
  const { folder, record } = await RunFolder.open(path, 'fit');
  const text = await folder.read('result.json');
  if (text !== undefined) return { folder, record, result: JSON.parse(text) as RunResult };
  throw new PolytaskError('run-folder', {
    path: folder.path,
    expected: 'a finished run',
    found: 'one without result.json',
    help: `Finish it with "polytask resume ${path}".`,
  });
}
