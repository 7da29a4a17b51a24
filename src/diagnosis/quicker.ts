import { bestPoint, type CurvePoint } from './curve.ts';
import { quantile } from './interval.ts';

/**
 * Steps and seconds of training until the joint model's validation metric first reached the best of the independent
 * one, beside what the independent one took to reach it. The joint side is null when it never did.
 */
export interface Quicker {
  readonly steps: { readonly multi: number | null; readonly independent: number };
  readonly seconds: { readonly multi: number | null; readonly independent: number };
}

/** @returns null when either curve is empty */
export function quicker(
  multi: readonly CurvePoint[],
  independent: readonly CurvePoint[],
  higherIsBetter: boolean,
): Quicker | null {
  const best = bestPoint(independent, higherIsBetter);
  if (best === undefined || multi.length === 0) return null;
  const reached = multi.find(({ metric }) =>
    higherIsBetter ? metric >= best.metric : metric <= best.metric,
  );
  return {
    steps: { multi: reached?.step ?? null, independent: best.step },
    seconds: { multi: reached?.seconds ?? null, independent: best.seconds },
  };
}

export interface QuickerSummary {
  /** Tasks on which the joint model reached the independent best, of those that can be compared. */
  readonly reached: number;
  readonly compared: number;
  /** The median over those tasks of joint ÷ independent; null where there is none. */
  readonly steps: number | null;
  readonly seconds: number | null;
}

export function summariseQuicker(tasks: readonly (Quicker | null)[]): QuickerSummary {
  const compared = tasks.filter((task) => task !== null);
  const ratios = (of: 'steps' | 'seconds'): number[] =>
    compared.flatMap((task) => {
      const { multi, independent } = task[of];
      return multi === null || independent <= 0 ? [] : [multi / independent];
    });
  return {
    reached: compared.filter(({ steps }) => steps.multi !== null).length,
    compared: compared.length,
    steps: median(ratios('steps')),
    seconds: median(ratios('seconds')),
  };
}

function median(values: number[]): number | null {
  return values.length === 0
    ? null
    : quantile(
        values.sort((a, b) => a - b),
        0.5,
      );
}
