import { PolytaskError, suggest } from '../../common/error.ts';

/** Three disjoint sets of row numbers, ascending, that cover the table. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

export type Side = keyof Split;

export const SIDES: readonly Side[] = ['train', 'validation', 'test'];

/**
 * How rows are divided: by ratio and seed, or by a column that says the side, the group or the time.
 * Text alone is a ratio: `"0.6/0.2/0.2"`.
 */
export interface SplitSpec {
  /** Shares of train/validation/test, of sum 1 or 100; two numbers are train/test, and validation is carved from train. */
  readonly ratio?: string | readonly number[];
  /** A column that holds train, validation and test. */
  readonly column?: string;
  /** Which values of `column` mean which side, where they are other words. */
  readonly values?: Partial<Readonly<Record<Side, readonly (string | number | boolean)[]>>>;
  /** No value of this column is on two sides. */
  readonly group?: string;
  /** Rows are sorted by this column: the earliest train, the latest test. */
  readonly time?: string;
  /** Every class of this column gets its share on each side. */
  readonly stratify?: string;
  /** Every value of this column (the task, in a long table) gets its share on each side. */
  readonly by?: string;
  /** The share of the training rows that becomes validation where none is given; default 0.15. */
  readonly validation?: number;
}

export const DEFAULT_RATIO = '0.7/0.15/0.15';
const DEFAULT_CARVE = 0.15;
const KNOWN = ['ratio', 'column', 'values', 'group', 'time', 'stratify', 'by', 'validation'];

/** The spec as an object, with its contradictions refused. */
export function normaliseSplit(given: string | SplitSpec): SplitSpec {
  const spec = typeof given === 'string' ? { ratio: given } : given;
  for (const key of Object.keys(spec)) {
    if (!KNOWN.includes(key))
      throw invalid(`split.${key}`, 'a setting of the split', key, suggest(key, KNOWN));
  }
  const ways = (['column', 'group', 'time'] as const).filter((way) => spec[way] !== undefined);
  if (ways.length > 1) {
    throw invalid('split', 'one of column, group and time', ways.join(' and '), 'Choose one of them.');
  }
  if (spec.column !== undefined && spec.ratio !== undefined) {
    throw invalid(
      'split.ratio',
      'no ratio beside a column that says the side',
      String(spec.ratio),
      'Leave one of the two out; `validation` sets the share that is carved from training.',
    );
  }
  return spec;
}

/** Shares of the three sides, of sum 1. */
export function sharesOf(spec: SplitSpec): [number, number, number] {
  const { ratio = DEFAULT_RATIO } = spec;
  const parts = typeof ratio === 'string' ? ratio.split('/').map(parseShare) : [...ratio];
  const sum = parts.reduce((total, part) => total + part, 0);
  const scale = Math.abs(sum - 100) < 1e-3 ? 100 : 1;
  if (
    (parts.length !== 2 && parts.length !== 3) ||
    !parts.every((part) => part > 0) ||
    Math.abs(sum / scale - 1) > 1e-3
  ) {
    throw invalid(
      'split.ratio',
      'two or three shares above 0, of sum 1 or 100',
      typeof ratio === 'string' ? `"${ratio}"` : JSON.stringify(ratio),
      'Write train/validation/test, such as "0.6/0.2/0.2", or train/test, such as "0.8/0.2".',
    );
  }
  const shares = parts.map((part) => part / sum);
  if (shares.length === 3) return shares as [number, number, number];
  const carved = shares[0]! * carveOf(spec);
  return [shares[0]! - carved, carved, shares[1]!];
}

/** The share of the training rows that becomes validation. */
export function carveOf({ validation = DEFAULT_CARVE }: SplitSpec): number {
  if (validation > 0 && validation < 1) return validation;
  throw invalid(
    'split.validation',
    'a share between 0 and 1',
    String(validation),
    'Write 0.15, for example.',
  );
}

export function invalid(path: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('split-invalid', { path, expected, found, help });
}

function parseShare(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
