import { capacity } from './capacity.ts';
import type { Bearing, Cause, CauseRule } from './cause.ts';
import { interference } from './interference.ts';
import { labelCorrelation } from './label-correlation.ts';
import { labelImbalance } from './label-imbalance.ts';
import { learningSpeed } from './learning-speed.ts';
import { lossScale } from './loss-scale.ts';
import type { Measured } from './measured.ts';
import { noisyTask } from './noisy-task.ts';
import { overfitting } from './overfitting.ts';

/** Every rule by which a run says why sharing helped or hurt. */
export const CAUSES: readonly CauseRule[] = [
  interference,
  capacity,
  overfitting,
  learningSpeed,
  lossScale,
  noisyTask,
  labelCorrelation,
  labelImbalance,
];

/** Why sharing helped or hurt. */
export interface Causes {
  /** What was found, first what bears on the verdict, then by strength; none where noise rules. */
  readonly found: readonly Cause[];
  /** Codes of rules that were looked at and do not hold. */
  readonly absent: readonly Cause['code'][];
  /** Codes of rules for which something was not measured. */
  readonly unmeasured: readonly Cause['code'][];
}

/**
 * Looks for causes by every rule.
 *
 * @example findCauses(measured).found[0]?.advice[0]?.sentence; // Share the first layer alone, where …
 */
export function findCauses(measured: Measured): Causes {
  const looked = CAUSES.map((rule) => ({
    code: rule.code,
    cause: rule.applies(measured) ? rule.find(measured) : null,
  }));
  const first = BEARINGS[measured.diagnosis.verdict];
  return {
    found: looked
      .flatMap(({ cause }) => cause ?? [])
      .sort((a, b) => first.indexOf(a.bearing) - first.indexOf(b.bearing) || b.strength - a.strength),
    absent: looked.filter(({ cause }) => cause === undefined).map(({ code }) => code),
    unmeasured: looked.filter(({ cause }) => cause === null).map(({ code }) => code),
  };
}

/** What explains a verdict, before what does not. */
const BEARINGS: Readonly<Record<Measured['diagnosis']['verdict'], readonly Bearing[]>> = {
  share: ['helps', 'limits', 'hurts'],
  separate: ['hurts', 'limits', 'helps'],
  mixed: ['hurts', 'helps', 'limits'],
  undecided: ['limits', 'hurts', 'helps'],
};
