import type { Measured } from './measured.ts';

export type CauseCode =
  | 'interference'
  | 'capacity'
  | 'overfitting'
  | 'learning-speed'
  | 'loss-scale'
  | 'noisy-task'
  | 'label-correlation'
  | 'label-imbalance';

export type Bearing = 'helps' | 'hurts' | 'limits';

/** A setting of `fit`, by its path, such as `model.sharing`, and the value to give it. */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
}

/** What to try next. */
export interface Advice {
  /** To change all at once; none where tasks are to be trained apart. */
  readonly settings: readonly Setting[];
  /** Tasks that should not be learned with the others. */
  readonly apart?: readonly string[];
  readonly sentence: string;
}

/** Why sharing helped or hurt: what was measured, the rule that it broke or met, and what to do about it. */
export interface Cause {
  readonly code: CauseCode;
  /** Whether it works for or against sharing, or limits tasks together and alone. */
  readonly bearing: Bearing;
  /** The tasks concerned, in the order of the problem. */
  readonly tasks: readonly string[];
  /** The layers concerned, from the inputs up. */
  readonly layers?: readonly string[];
  /** A number and the value that it has passed. */
  readonly statistic: { readonly name: string; readonly value: number; readonly threshold: number };
  /** How far it has passed it, from 0 to 1: 1 − threshold / value. */
  readonly strength: number;
  readonly sentence: string;
  /** What to try, first things first. */
  readonly advice: readonly Advice[];
}

/** One rule: looks at what a run measured, and says whether it is a cause. */
export interface CauseRule {
  readonly code: CauseCode;
  readonly title: string;
  /** What is measured, as a formula in words. */
  readonly statistic: string;
  /** When it is called a cause. */
  readonly rule: string;
  /** What is advised. */
  readonly advice: string;
  /** Whether the run measured what it takes to tell. */
  applies(measured: Measured): boolean;
  /** Undefined where it is not the case, or where noise could be all that there is. */
  find(measured: Measured): Cause | undefined;
}

/** 1 − threshold / value, from 0 at the threshold towards 1. */
export function strengthOf(value: number, threshold: number): number {
  return Math.min(1, Math.max(0, 1 - Math.abs(threshold / value)));
}

/** A number in a sentence. */
export function decimal(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
