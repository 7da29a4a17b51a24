import type { SourceSpec } from './data/index.ts';
import {
  type AdviseOptions,
  adviseRun,
  type NextStep,
  nextSteps,
  type RunResult,
} from './experiment/index.ts';

/** Why sharing helped or hurt, and what to try. */
export interface RunAdvice {
  /** The result of the run, with its `causes`. */
  readonly result: RunResult;
  /** Changes to the settings, first things first, each with the whole config to run. */
  readonly next: readonly NextStep[];
}

/**
 * Says why sharing helped or hurt in a finished run, and what to try next: interference of gradients and where it is, too
 * little capacity, too little data, unlike rates of learning or sizes of losses, noisy tasks, labels that go together.
 *
 * To tell whether the models are too narrow, they are trained once more, twice as wide, over the same rows, seeds and budget;
 * what that finds is kept with the run, and a call that was cancelled goes on where it stopped.
 *
 * S. Wu, H. Zhang, C. Ré: Understanding and improving information transfer in multi-task learning. ICLR 2020.
 *
 * @param folder of the run
 * @param options `probe: false` trains nothing; `data`: the rows again, where they came from memory
 * @throws `run-folder` for what is no finished run, `run-changed` where the rows are others
 * @example
 * const { result, next } = await advise('runs/2026-01-31_12-00-00-000', { probe: false });
 * for (const { sentence, tasks } of result.causes?.found ?? []) console.log(tasks.join(', '), sentence);
 * if (next[0] !== undefined) await fit(next[0].configs[0]);
 */
export async function advise(
  folder: string,
  options: AdviseOptions & { readonly data?: SourceSpec } = {},
): Promise<RunAdvice> {
  const { result, config } = await adviseRun(folder, options);
  const verdict = result.diagnosis?.verdict ?? 'undecided';
  return { result, next: result.causes === undefined ? [] : nextSteps(result.causes, verdict, config) };
}
