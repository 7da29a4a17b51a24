import type { ComparedRun, Comparison, MeanScore } from '../../compare/comparison.ts';
import { duration, NONE, score, signed, signedRange, whole } from '../format.ts';
import { STANDINGS } from './words.ts';

/** A line of the comparison's table: what it is about, and a cell for each run. */
export interface CompareRow {
  readonly label: string;
  readonly cells: readonly string[];
  readonly about: 'setting' | 'score' | 'gain' | 'cost';
}

/** Settings that differ, scores, gains and costs; a column a run. */
export function compareRows(comparison: Comparison): CompareRow[] {
  const { runs, settings, tasks } = comparison;
  const row = (
    about: CompareRow['about'],
    label: string,
    cell: (run: ComparedRun) => string,
  ): CompareRow => ({
    label,
    about,
    cells: runs.map(cell),
  });
  const ofOthers = (cell: (run: ComparedRun) => string) => (run: ComparedRun) =>
    run.standing === 'baseline' ? NONE : cell(run);
  return [
    ...settings.map((path) => row('setting', path, (run) => shown(run.settings[path]))),
    ...tasks.map(({ name, metric, higherIsBetter }, t) =>
      row('score', `${name}, ${metric} ${higherIsBetter ? '↑' : '↓'}`, (run) => spread(run.tasks[t]!.score)),
    ),
    row(
      'gain',
      'mean change',
      ofOthers(({ delta }) => (delta === null ? NONE : `${signed(delta.mean)} %`)),
    ),
    row(
      'gain',
      '95 % interval',
      ofOthers(({ delta }) => (delta && signedRange(delta)) ?? NONE),
    ),
    row('gain', 'verdict', ({ standing }) => STANDINGS[standing]),
    row(
      'gain',
      'tasks better / worse',
      ofOthers(({ wins, losses }) => `${wins} / ${losses}`),
    ),
    row('gain', 'mean rank', ({ meanRank }) => meanRank?.toFixed(2) ?? NONE),
    row('cost', 'parameters', ({ parameters }) => whole(parameters)),
    row('cost', 'training', ({ trainSeconds }) => duration(trainSeconds)),
  ];
}

/** Mean ± standard deviation. */
export function spread(value: MeanScore | null): string {
  if (value === null) return NONE;
  const { mean, deviation } = value;
  return deviation === null ? score(mean) : `${score(mean, mean + deviation)} ± ${score(deviation)}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return NONE;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
}
