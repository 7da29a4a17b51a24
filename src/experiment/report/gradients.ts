import type { EvaluationPoint, ObservedPoint } from '../../optimization/index.ts';
import type { Series } from './charts/time-line.ts';
import { squareOf } from './gradient-frames.ts';

/** How gradients met before one evaluation. */
type Gradients = Omit<NonNullable<EvaluationPoint['gradients']>, 'conflicts'> & {
  /** Null where no two tasks met. */
  readonly conflicts: number | null;
};

/** What a run recorded of the tasks' gradients, in columns of time. */
export interface GradientsView {
  /** How many looks it is made of; absent where an aggregation compared gradients, at every step that it was asked. */
  readonly looks?: number;
  readonly first: Gradients;
  readonly last: Gradients;
  /** The last step of each column. */
  readonly steps: readonly number[];
  /** [task][column]; null where there was no gradient. */
  readonly norms: readonly Series[];
  readonly conflicts: Series;
  readonly similarity: Series;
  /** Null where it was infinite; like the similarity, looks do not tell it. */
  readonly condition: Series;
  /** Of the task pairs whose cosines are kept, the lowest mean first. */
  readonly pairs: readonly PairView[];
}

export interface PairView {
  readonly tasks: readonly [number, number];
  /** Cosines by column; null where the two did not meet. */
  readonly values: Series;
  readonly mean: number;
  readonly last: number | null;
}

/** At most this many columns are drawn; each is made of as many evaluations. */
const MOST_COLUMNS = 60;

/** By what an aggregation compared, or else by what an observer saw; undefined where there was neither. */
export function gradientsView(curve: readonly EvaluationPoint[]): GradientsView | undefined {
  const compared = curve.some(({ gradients }) => gradients !== undefined);
  const told = curve.flatMap(({ step, gradients, observed }) => {
    const own = compared ? gradients : observed && gradientsOf(observed);
    return own ? [{ step, gradients: own }] : [];
  });
  const [first, last] = [told[0]?.gradients, told.at(-1)?.gradients];
  if (first === undefined || last === undefined) return undefined;
  const size = Math.ceil(told.length / MOST_COLUMNS);
  const columns = Array.from({ length: Math.ceil(told.length / size) }, (_, c) =>
    told.slice(c * size, (c + 1) * size),
  );
  const series = (of: (gradients: Gradients) => number | null | undefined, join = mean): Series =>
    columns.map((points) => join(present(points.map(({ gradients }) => of(gradients)))));
  const pairs = last.cosines.flatMap((_row, t) =>
    Array.from({ length: t }, (_, u): PairView | undefined => {
      const of = ({ cosines }: Gradients): number | null | undefined => cosines[u]?.[t];
      const average = mean(present(told.map(({ gradients }) => of(gradients))));
      if (average === null) return undefined;
      return { tasks: [u, t], values: series(of), mean: average, last: of(last) ?? null };
    }),
  );
  return {
    ...(!compared && { looks: curve.reduce((sum, { observed }) => sum + (observed?.looks ?? 0), 0) }),
    first,
    last,
    steps: columns.map((points) => points.at(-1)!.step),
    norms: last.norms.map((_norm, t) => series(({ norms }) => norms[t] || null)),
    conflicts: series(({ conflicts }) => conflicts),
    similarity: series(({ similarity }) => similarity),
    // An infinite one would drag a mean along.
    condition: columns.map((points) => {
      const sorted = points.map(({ gradients }) => gradients.condition ?? Infinity).sort((a, b) => a - b);
      const median = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
      return Number.isFinite(median) ? median : null;
    }),
    pairs: pairs.filter((pair) => pair !== undefined).sort((a, b) => a.mean - b.mean),
  };
}

/** What looks saw, as an aggregation would tell it. */
function gradientsOf({ norms, conflicts, whole }: ObservedPoint): Gradients {
  return {
    norms: norms.map((norm) => norm ?? 0),
    cosines: squareOf(whole),
    conflicts,
    similarity: null,
    condition: null,
  };
}

/** √ⁿ(Π xᵢ) of what is there, by column: what stands in the middle of values that differ by factors. */
export function geometricMeans(rows: readonly Series[]): Series {
  return (rows[0] ?? []).map((_, c) => {
    const logs = mean(present(rows.map((row) => row[c])).map(Math.log));
    return logs === null ? null : Math.exp(logs);
  });
}

/** What is there. */
export function present(values: readonly (number | null | undefined)[]): number[] {
  return values.filter((value): value is number => Number.isFinite(value));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}
