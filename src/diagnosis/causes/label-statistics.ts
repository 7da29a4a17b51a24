/** One task's labels on some rows. */
export interface LabelColumn {
  /** [row], 1 where it has a label. */
  readonly present: Uint8Array;
  /** [row]; absent where a label is more than a number. */
  readonly values?: Float64Array;
  /** Whether the numbers are classes without an order. */
  readonly nominal: boolean;
}

/** Labels of rows that all have one. */
export interface Labels {
  readonly values: Float64Array;
  readonly nominal: boolean;
}

/** How the labels of tasks meet on the training rows. */
export interface LabelStatistics {
  /** Rows that were looked at. */
  readonly rows: number;
  /** Of the rows that the rarer of two tasks labels, the share that the other labels as well, [task][task]. */
  readonly overlap: readonly (readonly number[])[];
  /**
   * How labels go together on rows that both label, [task][task]: Spearman's ρ from −1 to 1, or for classes the part of it
   * without a sign (`association`); null where fewer than ten rows tell.
   */
  readonly correlation: readonly (readonly (number | null)[])[];
}

/** Fewer common rows tell nothing of a correlation. */
const LEAST_ROWS = 10;

/**
 * Overlap and correlation of the labels of every two tasks.
 *
 * @param columns [task], all of as many rows
 */
export function labelStatistics(columns: readonly LabelColumn[]): LabelStatistics {
  const counts = columns.map(({ present }) => present.reduce((sum, own) => sum + own, 0));
  const pairs = columns.map((one, t) =>
    columns.slice(0, t).map((other, u) => {
      const common = rowsOfBoth(one, other);
      const [a, b] = [labelsOf(one, common), labelsOf(other, common)];
      const known = a !== undefined && b !== undefined && common.length >= LEAST_ROWS;
      return {
        overlap: short(common.length / Math.max(1, Math.min(counts[t]!, counts[u]!))),
        correlation: known ? association(a, b) : null,
      };
    }),
  );
  const at = (t: number, u: number) => pairs[Math.max(t, u)]![Math.min(t, u)]!;
  const square = <V>(own: V, of: (t: number, u: number) => V): V[][] =>
    columns.map((_, t) => columns.map((_column, u) => (t === u ? own : of(t, u))));
  return {
    rows: columns[0]?.present.length ?? 0,
    overlap: square(1, (t, u) => at(t, u).overlap),
    correlation: square<number | null>(1, (t, u) => at(t, u).correlation),
  };
}

/**
 * How much two label columns tell of each other. Numbers and ordered classes: Spearman's ρ, the correlation of their ranks,
 * which heavy tails do not decide. Classes without order: √ε², the share of the variance of the other's ranks, or of its
 * indicators, that lies between classes, less what as many random classes would show, ε² = 1 − (1 − η²)(n − 1) / (n − K);
 * of two such columns the mean of both directions.
 *
 * C. Spearman: The proof and measurement of association between two things. American Journal of Psychology 15, 1904.
 * T. Kelley: An unbiased correlation ratio measure. PNAS 21, 1935.
 *
 * @returns null where one of them is constant
 */
export function association(one: Labels, other: Labels): number | null {
  if (!one.nominal && !other.nominal) return rounded(pearson(ranks(one.values), ranks(other.values)));
  if (one.nominal && other.nominal) {
    const both = [classesTellClasses(one.values, other.values), classesTellClasses(other.values, one.values)];
    return both[0] === null || both[1] === null ? null : rounded(Math.sqrt((both[0]! + both[1]!) / 2));
  }
  const [classes, numbers] = one.nominal ? [one, other] : [other, one];
  const share = corrected(classes.values, [ranks(numbers.values)]);
  return share === null ? null : rounded(Math.sqrt(share));
}

/** ε² of the indicators of all classes. */
function classesTellClasses(classes: Float64Array, others: Float64Array): number | null {
  const indicators = [...new Set(others)].map((own) => others.map((value) => Number(value === own)));
  return corrected(classes, indicators);
}

/** ε² of columns by classes: their variances between classes and as a whole are summed up. */
function corrected(classes: Float64Array, columns: readonly Float64Array[]): number | null {
  const groups = new Map<number, number[]>();
  classes.forEach((own, row) => {
    groups.set(own, [...(groups.get(own) ?? []), row]);
  });
  const n = classes.length;
  let [within, total] = [0, 0];
  for (const column of columns) {
    total += scatter(Array.from(column));
    for (const rows of groups.values()) within += scatter(rows.map((row) => column[row]!));
  }
  if (total === 0 || groups.size < 2 || n <= groups.size) return null;
  return Math.max(0, 1 - ((within / total) * (n - 1)) / (n - groups.size));
}

/** Σ (x − x̄)². */
function scatter(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** Ranks from 0; equal values share the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const found = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) found[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}

function pearson(one: Float64Array, other: Float64Array): number | null {
  const n = one.length;
  const [a, b] = [one, other].map((values) => values.reduce((sum, value) => sum + value, 0) / n) as [
    number,
    number,
  ];
  let [products, ones, others] = [0, 0, 0];
  for (let row = 0; row < n; row++) {
    products += (one[row]! - a) * (other[row]! - b);
    ones += (one[row]! - a) ** 2;
    others += (other[row]! - b) ** 2;
  }
  return ones === 0 || others === 0 ? null : products / Math.sqrt(ones * others);
}

function rowsOfBoth({ present: a }: LabelColumn, { present: b }: LabelColumn): number[] {
  const rows: number[] = [];
  for (let row = 0; row < a.length; row++) if (a[row] === 1 && b[row] === 1) rows.push(row);
  return rows;
}

function labelsOf({ values, nominal }: LabelColumn, rows: readonly number[]): Labels | undefined {
  return values && { values: Float64Array.from(rows, (row) => values[row]!), nominal };
}

const short = (value: number): number => Number(value.toPrecision(6));
const rounded = (value: number | null): number | null => (value === null ? null : short(value));
