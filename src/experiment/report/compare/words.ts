import { percent } from '../../../diagnosis/index.ts';
import type { ComparedRun, Comparison } from '../../compare/comparison.ts';

export const STANDINGS: Readonly<Record<ComparedRun['standing'], string>> = {
  baseline: 'baseline',
  better: 'better',
  worse: 'worse',
  same: 'the same',
  mixed: 'mixed',
  undecided: 'not settled',
};

const OVER: Readonly<Record<Comparison['intervalOver'], string>> = {
  seeds: 'Intervals are over seeds that a run and the baseline share.',
  folds: 'Intervals are over folds, widened since folds share training rows.',
  rows: '',
  nothing: 'There are no intervals, since no two seeds are shared.',
};

/** The comparison in words, sentence by sentence. */
export function comparisonWords({ runs, baseline, tasks, intervalOver }: Comparison): string[] {
  const others = runs.filter(({ standing }) => standing !== 'baseline');
  const named = (standing: ComparedRun['standing']): string[] =>
    others
      .filter((run) => run.standing === standing)
      .map(({ name, delta }) =>
        delta === null || standing === 'same'
          ? name
          : `${name} (${delta.mean < 0 ? '−' : '+'}${percent(delta.mean)})`,
      );
  const groups = (['better', 'worse', 'mixed', 'same', 'undecided'] as const)
    .map((standing) => [standing, named(standing)] as const)
    .filter(([, names]) => names.length > 0)
    .map(([standing, names]) => `${STANDINGS[standing]}: ${names.join(', ')}`);
  const best = runs.reduce<ComparedRun | undefined>(
    (top, run) => (gainOf(run) > (top === undefined ? Number.NEGATIVE_INFINITY : gainOf(top)) ? run : top),
    undefined,
  );
  return [
    best === undefined
      ? 'No run has a score to compare.'
      : best.standing === 'baseline'
        ? `Nothing does better than ${baseline}.`
        : best.standing === 'better'
          ? `${best.name} does best.`
          : `${best.name} has the best mean, which is not settled.`,
    `Against ${baseline}, on average over ${tasks.length === 1 ? 'the task' : `${tasks.length} tasks`}: ${groups.join('; ')}.`,
    OVER[intervalOver],
    others.length > 1
      ? `Each of the ${others.length} intervals is of 95 % by itself; the more runs are compared, the likelier one of them looks better by chance.`
      : '',
  ].filter((sentence) => sentence !== '');
}

/** The baseline gains 0 against itself. */
function gainOf({ standing, delta }: ComparedRun): number {
  return standing === 'baseline' ? 0 : (delta?.mean ?? Number.NEGATIVE_INFINITY);
}
