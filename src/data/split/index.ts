import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { splitByColumn } from './by-column.ts';
import { splitByTime } from './by-time.ts';
import { normaliseSplit, SIDES, type Split, type SplitSpec, sharesOf } from './spec.ts';
import { divide, unitsOf } from './units.ts';

export { foldRows } from './folds.ts';
export { nestedRows } from './nested.ts';
export type { Side, Split, SplitSpec } from './spec.ts';

/**
 * Divides the rows into train, validation and test: disjoint, complete, none empty, and the same for the same seed.
 *
 * @throws PolytaskError `split-invalid`, `split-empty`, `column-unknown`, `column-type`
 * @example
 * splitRows(table, '0.6/0.2/0.2', 7)
 * splitRows(table, { group: 'patient', ratio: '0.8/0.2' }, 7)
 * splitRows(table, { column: 'year', values: { train: [2011], test: [2012] } }, 7)
 */
export function splitRows(table: Table, spec: string | SplitSpec, seed: number): Split {
  const normal = normaliseSplit(spec);
  if (table.rows < SIDES.length) {
    throw new PolytaskError('split-empty', {
      path: 'split',
      expected: 'at least 3 rows, one for each of train, validation and test',
      found: `${table.rows}`,
      help: 'Bring more rows.',
    });
  }
  const sides = sidesOf(table, normal, seed);
  const [train, validation, test] = SIDES.map((name, side) => {
    const rows = Int32Array.from(sides.keys()).filter((row) => sides[row] === side);
    if (rows.length > 0) return rows;
    throw new PolytaskError('split-empty', {
      path: `split.${name}`,
      expected: 'at least one row on every side',
      found: `no row for ${name}`,
      help:
        normal.column !== undefined
          ? `Give some rows of "${normal.column}" the value ${name}.`
          : normal.group !== undefined
            ? `"${normal.group}" needs at least 3 groups.`
            : 'Bring more rows.',
    });
  });
  return { train: train!, validation: validation!, test: test! };
}

function sidesOf(table: Table, spec: SplitSpec, seed: number): Int32Array {
  if (spec.column !== undefined) return splitByColumn(table, spec, seed);
  if (spec.time !== undefined) return splitByTime(table, spec);
  const units = unitsOf(table, spec, seed);
  const sideOf = divide(units, sharesOf(spec));
  return units.unitOf.map((unit) => sideOf[unit]!);
}
