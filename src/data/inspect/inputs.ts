import type { Column } from '../../common/table.ts';
import { isMissing } from '../columns.ts';
import type { Warning } from '../warning.ts';

const MOSTLY = 0.9;

/** Inputs that hold nothing, or nearly nothing, to learn from. */
export function inspectInput(column: Column, train: Int32Array): Warning[] {
  const { name } = column;
  const warnings: Warning[] = [];
  const values: ArrayLike<number> = column.type === 'string' ? column.codes : column.values;
  const present = train.filter((row) => !isMissing(column, row));
  const missing = train.length - present.length;
  const constant = present.every((row) => values[row] === values[present[0]!]);
  if (constant && (missing === 0 || present.length === 0)) {
    warnings.push({
      code: 'constant',
      column: name,
      message: `"${name}" ${missing === 0 ? 'has a single value' : 'is always missing'} among the training rows.`,
      help: `Exclude it: it can teach nothing. \`exclude: ["${name}"]\``,
    });
  } else if (missing > MOSTLY * train.length) {
    warnings.push({
      code: 'mostly-missing',
      column: name,
      message: `"${name}" is missing in ${((100 * missing) / train.length).toFixed(1)} % of the training rows.`,
      help: 'Keep it if that it is missing says something; otherwise exclude it.',
    });
  }
  const infinite =
    column.type === 'string' ? 0 : column.values.filter((v) => Math.abs(v) === Infinity).length;
  if (infinite > 0) {
    warnings.push({
      code: 'values-infinite',
      column: name,
      message: `"${name}" holds ${infinite} infinite ${infinite === 1 ? 'value' : 'values'}, which count as missing.`,
      help: 'Look at how they were computed: a division by zero, often.',
    });
  }
  return warnings;
}
