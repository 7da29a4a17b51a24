import type { DiagnoseInput, FoldScores } from '../../diagnosis/index.ts';
import type { RunConfig } from '../run-config.ts';
import { repeatsOf } from './repeats.ts';
import type { Repeated, RowsResult } from './result.ts';

/**
 * A run's own rows beside those of its repeats, as its result tells of them.
 *
 * @param others in the order of `repeatsOf`
 */
export function repeated(config: RunConfig, own: RowsResult, others: readonly RowsResult[]): Repeated {
  if (config.folds !== undefined)
    return { folds: [own, ...others].map((result, i) => ({ fold: i + 1, ...result })) };
  if (config.fractions === undefined) return {};
  const shares = repeatsOf(config).map(({ choice }) => choice.fraction!);
  return {
    fractions: [...others.map((result, i) => ({ fraction: shares[i]!, ...result })), { fraction: 1, ...own }],
  };
}

/** What a diagnosis takes of other rows. */
export function beside({ folds, fractions }: Repeated): Pick<DiagnoseInput, 'folds' | 'sizes'> {
  return {
    ...(folds && { folds: folds.flatMap(bothWays) }),
    ...(fractions && {
      sizes: fractions.flatMap(bothWays).map(({ rows, ...ways }) => ({ rows: rows.train, ...ways })),
    }),
  };
}

function bothWays({ multi, independent, rows }: RowsResult): FoldScores[] {
  return independent === undefined ? [] : [{ multi, independent, rows }];
}
