import { bestPoint, type CurvePoint } from './curve.ts';
import { quantile } from './interval.ts';
import { portionOf } from './phrases.ts';

/** What training took on both sides; the joint one is null where it never got there. */
export interface Effort {
  readonly multi: number | null;
  readonly independent: number;
}

/**
 * Steps, rows and seconds of training until the joint model's validation metric first reached the best of the independent
 * one, beside what the independent one took to reach it.
 */
export interface Quicker {
  readonly steps: Effort;
  readonly seconds: Effort;
  /** Rows that were drawn, those of all tasks together; a row that is drawn again counts again. */
  readonly rows?: Effort | undefined;
}

/**
 * @param rowsPerStep of both sides, where it is known
 * @returns null when either curve is empty
 */
export function quicker(
  multi: readonly CurvePoint[],
  independent: readonly CurvePoint[],
  higherIsBetter: boolean,
  rowsPerStep: { readonly multi?: number | undefined; readonly independent?: number | undefined } = {},
): Quicker | null {
  const best = bestPoint(independent, higherIsBetter);
  if (best === undefined || multi.length === 0) return null;
  const reached = multi.find(({ metric }) =>
    higherIsBetter ? metric >= best.metric : metric <= best.metric,
  );
  const { multi: drawn, independent: drawnAlone } = rowsPerStep;
  return {
    steps: { multi: reached?.step ?? null, independent: best.step },
    seconds: { multi: reached?.seconds ?? null, independent: best.seconds },
    ...(drawn !== undefined &&
      drawnAlone !== undefined && {
        rows: {
          multi: reached === undefined ? null : drawn * reached.step,
          independent: drawnAlone * best.step,
        },
      }),
  };
}

export interface QuickerSummary {
  /** Tasks on which the joint model reached the independent best, of those that can be compared. */
  readonly reached: number;
  readonly compared: number;
  /** The median over those tasks of joint ÷ independent; null where there is none. */
  readonly steps: number | null;
  readonly rows: number | null;
  readonly seconds: number | null;
}

export function summariseQuicker(tasks: readonly (Quicker | null)[]): QuickerSummary {
  const compared = tasks.filter((task) => task !== null);
  const ratios = (of: keyof Quicker): number[] =>
    compared.flatMap((task) => {
      const { multi = null, independent = 0 } = task[of] ?? {};
      return multi === null || independent <= 0 ? [] : [multi / independent];
    });
  return {
    reached: compared.filter(({ steps }) => steps.multi !== null).length,
    compared: compared.length,
    steps: median(ratios('steps')),
    rows: median(ratios('rows')),
    seconds: median(ratios('seconds')),
  };
}

/**
 * Shares of the steps and rows in words; rows only where a step draws another number of them on either side.
 *
 * @example effort(4.5, 0.16); // 4.5 times the steps and 16 % of the rows
 */
export function effort(steps: number, rows: number | null): string {
  const words = portionOf(steps, 'steps', 'about as many steps');
  const same = rows === null || Math.abs(rows - steps) <= 0.005 * steps;
  return same ? words : `${words} and ${portionOf(rows, 'rows', 'about as many rows')}`;
}

function median(values: number[]): number | null {
  return values.length === 0
    ? null
    : quantile(
        values.sort((a, b) => a - b),
        0.5,
      );
}
