import type { Cause, Verdict } from '../diagnosis/index.ts';
import { type AdvisedRun, nextSteps } from '../experiment/index.ts';
import { fitLine } from './fit-line.ts';

/** Something to try, with the command lines that do it. */
export interface NextAnswer {
  readonly cause: Cause['code'];
  readonly sentence: string;
  readonly settings: Cause['advice'][number]['settings'];
  readonly apart?: readonly string[];
  /** None where a command line cannot say it, as of rows from memory. */
  readonly commands: readonly string[];
}

/** What `advise --json` prints as its last line. */
export interface AdviceAnswer {
  readonly run: string;
  readonly verdict: Verdict;
  readonly words: readonly string[];
  readonly causes: readonly Cause[];
  /** Rules that do not hold, and those for which something was not measured. */
  readonly absent: readonly Cause['code'][];
  readonly unmeasured: readonly Cause['code'][];
  readonly next: readonly NextAnswer[];
}

export function answerOf({ result, config, directory }: AdvisedRun): AdviceAnswer {
  const { causes = { found: [], absent: [], unmeasured: [] }, diagnosis } = result;
  const verdict = diagnosis?.verdict ?? 'undecided';
  return {
    run: result.run,
    verdict,
    words: diagnosis?.words ?? [],
    causes: causes.found,
    absent: causes.absent,
    unmeasured: causes.unmeasured,
    next: nextSteps(causes, verdict, config).map(({ configs, ...step }) => ({
      ...step,
      commands: configs.flatMap((own) => fitLine(own, directory) ?? []),
    })),
  };
}
