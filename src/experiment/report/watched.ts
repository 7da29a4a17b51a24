import { meanOf, unusedColumns } from '../../diagnosis/index.ts';
import type { TrialResult } from '../result.ts';
import { thinned } from './view.ts';

export type Table = readonly (readonly number[])[];

/** Something that was watched while a trial trained, ready to be drawn. */
export interface WatchedView {
  readonly name: string;
  readonly kind: 'use' | 'matrix';
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /**
   * [row][column] at the state that was kept: of a matrix the mean over seeds, of a use that of the first seed, as the
   * experts of different seeds have nothing in common but their places.
   */
  readonly kept: Table;
  /** Columns that next to nothing goes through. */
  readonly unused: ReadonlySet<number>;
  /** The first seed's tables while it trained; none where they were too large to be kept. */
  readonly history: readonly { readonly step: number; readonly table: Table }[];
}

/** At most this many points in time are drawn. */
const MOST_POINTS = 60;

export function watchedViews({ watched = [], curve }: Pick<TrialResult, 'watched' | 'curve'>): WatchedView[] {
  return watched.map(({ name, kind, rows, columns, values }) => {
    const kept = kind === 'use' ? (values[0] ?? []) : meanTable(values);
    const points = curve.flatMap(({ step, watched: tables }) => {
      const table = tables?.[name];
      return table === undefined ? [] : [{ step, table }];
    });
    return {
      name,
      kind,
      rows,
      columns,
      kept,
      unused: new Set(kind === 'use' ? unusedColumns(kept) : []),
      history: thinned(points, MOST_POINTS),
    };
  });
}

function meanTable(tables: readonly Table[]): Table {
  return (tables[0] ?? []).map((row, r) =>
    row.map((_, c) => meanOf(tables.map((table) => table[r]![c]!)) ?? 0),
  );
}
