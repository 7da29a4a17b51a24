import type { Warning } from '../data/index.ts';
import type { WatchedTable } from '../optimization/index.ts';
import { meanOf } from './delta.ts';

/** An expert is unused whose part is less than this share of an even one. */
const LEAST_SHARE = 0.1;

/**
 * The columns of a table of use that next to nothing goes through: of E experts those whose mean use over all tasks is
 * below 1 / (10 E).
 *
 * @param use [row][column], rows that sum to 1
 */
export function unusedColumns(use: readonly (readonly number[])[]): number[] {
  const columns = use[0]?.length ?? 0;
  const part = (column: number): number => meanOf(use.map((row) => row[column]!)) ?? 0;
  return Array.from({ length: columns }, (_, column) => column).filter(
    (column) => part(column) < LEAST_SHARE / columns,
  );
}

/**
 * A warning for every table in which an expert is unused at the state that was kept, with the seeds where it is so.
 *
 * @param tables with one table of values a seed
 * @param seeds what to call these
 */
export function warnOfUnusedExperts(tables: readonly WatchedTable[], seeds: readonly number[]): Warning[] {
  return tables
    .filter(({ kind }) => kind === 'use')
    .flatMap(({ name, columns, values }): Warning[] => {
      const found = values.flatMap((use, s) => {
        const unused = unusedColumns(use);
        return unused.length === 0
          ? []
          : [{ seed: seeds[s], names: unused.map((column) => columns[column]!) }];
      });
      if (found.length === 0) return [];
      const where =
        values.length === 1
          ? listed(found[0]!.names)
          : found.map(({ seed, names }) => `${listed(names)} with seed ${seed}`).join('; ');
      return [
        {
          code: 'expert-unused',
          message: `Of the ${columns.length} experts of "${name}" the tasks hardly use ${where}.`,
          help: 'Fewer experts may do as well and cost less; or give the gates dropout or a penalty for balance.',
        },
      ];
    });
}

/** At most a few names, and how many more. */
function listed(names: readonly string[]): string {
  const few = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${few} and ${names.length - 6} more` : few;
}
