import { PolytaskError } from '../../common/error.ts';
import type { RunResult } from '../result.ts';

/**
 * Refuses to set runs side by side whose test rows or tasks are not the same.
 *
 * @throws `runs-differ`
 */
export function checkComparable(runs: readonly RunResult[], baseline: RunResult): void {
  for (const run of runs) {
    refuse(run, baseline, 'data', 'the same data', ({ data }) => data.fingerprint);
    refuse(run, baseline, 'tasks', 'the same tasks', tasksOf);
    refuse(run, baseline, 'folds', 'the same folds', ({ folds }) => `${folds?.length ?? 'no'} folds`);
    refuse(run, baseline, 'split', 'the same split', ({ data: { split = 'unknown', rows } }) =>
      [`${rows.train} + ${rows.validation} + ${rows.test} rows`, split].join(', '),
    );
  }
}

const tasksOf = ({ tasks }: RunResult): string =>
  tasks.map(({ task: { name, kind }, metric }) => `${name} (${kind}, ${metric})`).join(', ');

function refuse(
  run: RunResult,
  baseline: RunResult,
  what: string,
  expected: string,
  of: (result: RunResult) => string,
): void {
  const [own, other] = [of(run), of(baseline)];
  if (own === other) return;
  throw new PolytaskError('runs-differ', {
    path: `${run.run}: ${what}`,
    expected: `${expected} as ${baseline.run}: ${shorten(other)}`,
    found: shorten(own),
    help: 'Compare runs of one table with the same split, first seed and tasks in the same order.',
  });
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

const LONGEST = 160;
