import { PolytaskError } from '../../common/error.ts';
import type { CommonGround } from './common-ground.ts';

/** A run by its name, and what it stands on. */
export interface Grounded {
  readonly run: string;
  readonly ground: CommonGround;
}

/**
 * Refuses to set runs side by side whose test rows or tasks are not the same.
 *
 * @throws `runs-differ`
 */
export function checkComparable(runs: readonly Grounded[], baseline: Grounded): void {
  for (const { run, ground } of runs)
    for (const what of ['data', 'tasks', 'folds', 'split'] as const) {
      const [own, other] = [ground[what], baseline.ground[what]];
      if (own === other) continue;
      throw new PolytaskError('runs-differ', {
        path: `${run}: ${what}`,
        expected: `the same ${what} as ${baseline.run}: ${shorten(other)}`,
        found: shorten(own),
        help: 'Compare runs of one table with the same split, first seed and tasks in the same order.',
      });
    }
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

const LONGEST = 160;
