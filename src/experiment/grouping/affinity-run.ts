import { PolytaskError } from '../../common/error.ts';
import { openFinished } from '../finished-run.ts';
import { type FitHooks, runFit } from '../fit.ts';
import type { RunResult } from '../result.ts';
import type { RunConfigInput } from '../run-config.ts';
import { affinityResult } from './proposals.ts';
import type { AffinityResult } from './result.ts';

/**
 * Settings that measure well what tasks gain from each other, without training each alone. Where each task has rows of its
 * own, one backward pass tells of all pairs to the first order, while a look ahead takes a forward pass a task.
 */
export function affinityConfig(input: RunConfigInput): RunConfigInput {
  const affinity = input.by === undefined ? 'look-ahead' : 'first-order:share=0.45';
  // With a limit of time it is this one training that is limited.
  return { baseline: false, affinity, ...input, choose: false };
}

/**
 * Measures what each task gains from each other in one training of all tasks, and leaves a run folder.
 *
 * @throws PolytaskError for whatever is wrong with data, config or machine; a cancelled run can be resumed
 */
export async function measureAffinity(input: RunConfigInput, hooks: FitHooks = {}): Promise<AffinityResult> {
  return affinityIn(await runFit(affinityConfig(input), hooks));
}

/** What a finished run measured. @throws `run-folder`, `affinity-invalid` */
export async function affinityOf(path: string): Promise<AffinityResult> {
  return affinityIn((await openFinished(path)).result);
}

/** @throws `affinity-invalid` where a run did not measure any */
export function affinityIn({ run, multi }: RunResult): AffinityResult {
  if (multi.observed !== undefined) return affinityResult(run, multi.observed);
  throw new PolytaskError('affinity-invalid', {
    path: run,
    expected: 'a run that measured what tasks gain from each other',
    found: 'one of one task, of tasks that share nothing, that searched, or with --affinity none',
    help: 'Run "polytask affinity" on the data, under a --sharing in which tasks have something in common.',
  });
}
