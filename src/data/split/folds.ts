import type { Table } from '../../common/table.ts';
import { invalid, normaliseSplit, type Split, type SplitSpec, sharesOf } from './spec.ts';
import { divide, unitsOf } from './units.ts';

/**
 * k-fold cross-validation: every row is on the test side of one split, and the rest is divided into train and validation by
 * the shares that the ratio gives them. Strata, tasks and groups are kept as `splitRows` keeps them.
 *
 * @param folds k ≥ 2
 * @throws PolytaskError `split-invalid` where a column or time says the side, or there are too few rows or groups
 * @example foldRows(table, { ratio: '0.7/0.15/0.15', by: 'school' }, 5, 0)
 */
export function foldRows(table: Table, spec: string | SplitSpec, folds: number, seed: number): Split[] {
  const normal = normaliseSplit(spec);
  for (const way of ['column', 'time'] as const)
    if (normal[way] !== undefined)
      throw invalid(
        'folds',
        'rows that may be tested in any fold',
        `split.${way}, which says where rows belong`,
        way === 'time'
          ? 'Leave folds out: the past is no test of what came later.'
          : 'Leave one of them out.',
      );
  const units = unitsOf(table, normal, seed);
  const least = Math.max(folds, 3);
  if (units.order.length < least)
    throw invalid(
      'folds',
      `at least ${least} ${normal.group === undefined ? 'rows' : `values of "${normal.group}"`} for ${folds} folds`,
      `${units.order.length}`,
      `Ask for fewer folds${normal.group === undefined ? '' : ', or split by rows'}.`,
    );
  const [train, validation] = sharesOf(normal);
  const foldOf = divide(units, new Array(folds).fill(1 / folds));
  return Array.from({ length: folds }, (_, fold) => {
    const rest = units.order.filter((unit) => foldOf[unit] !== fold);
    const sideOf = divide(units, [train / (train + validation), validation / (train + validation)], rest);
    const rowsOn = (side: number): Int32Array =>
      Int32Array.from(units.unitOf.keys()).filter((row) => sideOf[units.unitOf[row]!] === side);
    return { train: rowsOn(0), validation: rowsOn(1), test: rowsOn(-1) };
  });
}
