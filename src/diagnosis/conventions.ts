import { meanOf } from './delta.ts';
import { finite, type Interval } from './interval.ts';
import { effectOf } from './verdict.ts';

/**
 * How a comparison of several metrics of several tasks becomes one number or two. Changes are Δ as of `relativeChange`: in
 * per cent, positive is better, null where undefined, [task][metric]. Papers that print Δm with losses positive print the
 * negative of these.
 */
type Changes = readonly (readonly (number | null)[])[];

/**
 * Δm, the mean over metrics: a task with more metrics weighs more.
 *
 * B. Liu et al.: Conflict-averse gradient descent for multi-task learning. NeurIPS 2021 (as −Δm).
 * A. Navon et al.: Multi-task learning as a bargaining game. ICML 2022 (as −Δm).
 */
export function meanOverMetrics(changes: Changes): number | null {
  return meanOf(changes.flat());
}

/**
 * Δp, the mean over tasks of the mean over a task's metrics: every task weighs the same.
 *
 * K. Maninis, I. Radosavovic, I. Kokkinos: Attentive Single-Tasking of Multiple Tasks. CVPR 2019.
 * B. Lin, Y. Zhang: LibMTL: a Python library for deep multi-task learning. JMLR 24, 2023.
 */
export function meanOverTasks(changes: Changes): number | null {
  return meanOf(changes.map(meanOf));
}

/**
 * MR, the mean over metrics of each method's rank among the methods, 1 the best; equal scores share the mean of their ranks.
 *
 * @param scores [method][metric]; one that is missing has no rank and takes none from others
 * @param higherIsBetter [metric]
 * @returns [method]; null where a method has no score
 */
export function meanRanks(
  scores: readonly (readonly (number | null)[])[],
  higherIsBetter: readonly boolean[],
): (number | null)[] {
  return scores.map((own) =>
    meanOf(
      higherIsBetter.map((higher, metric) => {
        const score = own[metric] ?? null;
        if (score === null || !Number.isFinite(score)) return null;
        const all = finite(scores.map((method) => method[metric] ?? null));
        const better = all.filter((other) => (higher ? other > score : other < score)).length;
        const equal = all.filter((other) => other === score).length;
        return better + (1 + equal) / 2;
      }),
    ),
  );
}

/**
 * The seesaw: how many tasks the joint model improves and how many it harms, by the sign of the mean over a task's metrics;
 * both above 0 is one task's gain at another's cost. It asks for no evidence; `winsAndLosses` does.
 *
 * H. Tang et al.: Progressive Layered Extraction (PLE). RecSys 2020.
 */
export function seesaw(changes: Changes): { improved: number; harmed: number } {
  const means = finite(changes.map(meanOf));
  return {
    improved: means.filter((mean) => mean > 0).length,
    harmed: means.filter((mean) => mean < 0).length,
  };
}

/** How many tasks have a 95 % interval of Δ above 0, and how many below. */
export function winsAndLosses(deltas: readonly (Interval | null)[]): { wins: number; losses: number } {
  const effects = deltas.map(effectOf);
  return {
    wins: effects.filter((effect) => effect === 'helped').length,
    losses: effects.filter((effect) => effect === 'hurt').length,
  };
}
