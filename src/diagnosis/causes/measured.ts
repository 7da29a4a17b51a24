import type { EvaluationPoint } from '../../optimization/index.ts';
import { normalised } from '../../problem/index.ts';
import type { Diagnosis, TaskDiagnosis } from '../diagnosis.ts';
import { type Interval, pairedInterval } from '../interval.ts';
import type { MetGradientsJSON } from '../met-gradients.ts';
import type { ObservedGradients } from '../observed-gradients.ts';
import type { LabelStatistics } from './label-statistics.ts';

type Scores = readonly (readonly (number | null)[])[];

export interface MeasuredTask {
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** What the best constant prediction reaches by the task's metric. */
  readonly constants: {
    readonly training: number | null;
    readonly validation: number | null;
    readonly test: number | null;
  };
  /** Labelled rows. */
  readonly labelled: { readonly train: number; readonly validation: number; readonly test: number };
}

/** How gradients met in a layer, as far as it is read here. */
export type MeetingGradients = Pick<MetGradientsJSON, 'norms' | 'cosines'>;

/** What one way of learning reached; arrays run over seeds. */
export interface MeasuredTrial {
  /** Primary metric at the kept state, [seed][task]. */
  readonly test: Scores;
  readonly validation: Scores;
  /** The same on some of the training rows. */
  readonly training?: Scores;
  readonly curve: readonly EvaluationPoint[];
  readonly observed?: Pick<ObservedGradients, 'looks'> & {
    /** Over all parameters that tasks share. */
    readonly whole: MeetingGradients;
    /** From the inputs up. */
    readonly layers: readonly (MeetingGradients & { readonly name: string })[];
  };
}

/** The same models with a trunk of twice the width, after a training of the same budget and seeds. */
export interface WidthProbe {
  readonly hidden: readonly number[];
  /** Primary metric on the validation rows, [seed][task]. */
  readonly multi: Scores;
  readonly independent: Scores;
}

/** Settings that advice builds on. */
export interface MeasuredSettings {
  readonly sharing: string;
  readonly hidden: readonly number[];
  readonly tower: readonly number[];
  readonly dropout: number;
  readonly objective: string;
  readonly checkpoint: 'mean' | 'task';
  readonly sampling: string;
  /** A kind and its options. */
  readonly optimiser: { readonly kind: string; readonly [option: string]: unknown };
}

/** All that a run measured, as causes read it; [task] axes in the order of `tasks`. */
export interface Measured {
  readonly tasks: readonly MeasuredTask[];
  readonly trainingRows: number;
  readonly settings: MeasuredSettings;
  readonly diagnosis: Pick<Diagnosis, 'verdict' | 'delta'> & {
    readonly tasks: readonly Pick<TaskDiagnosis, 'effect' | 'clear' | 'delta'>[];
  };
  readonly multi: MeasuredTrial;
  readonly independent: MeasuredTrial;
  readonly labels?: LabelStatistics;
  readonly width?: WidthProbe;
}

/**
 * Tasks that sharing hurt, as positions: those whose own Δ is below 0, which stands among the number of tasks, and where the
 * mean alone tells it, all whose Δ is below 0.
 */
export function hurtTasks({ diagnosis }: Pick<Measured, 'diagnosis'>): number[] {
  const own = positions(diagnosis.tasks, ({ effect, clear }) => effect === 'hurt' && clear);
  if (own.length > 0 || diagnosis.verdict !== 'separate') return own;
  return positions(diagnosis.tasks, ({ delta }) => delta !== null && delta.mean < 0);
}

/** Tasks that sharing helped, likewise. */
export function helpedTasks({ diagnosis }: Pick<Measured, 'diagnosis'>): number[] {
  const own = positions(diagnosis.tasks, ({ effect, clear }) => effect === 'helped' && clear);
  if (own.length > 0 || (diagnosis.delta?.low ?? 0) <= 0) return own;
  return positions(diagnosis.tasks, ({ delta }) => delta !== null && delta.mean > 0);
}

/** The places of the items that hold. */
export function positions<T>(items: readonly T[], holds: (item: T, place: number) => boolean): number[] {
  return items.flatMap((item, place) => (holds(item, place) ? [place] : []));
}

/**
 * What a task's metric is worth on a scale that tasks share: 0 is the best constant, 1 perfect (`normalised`); null where
 * either is undefined.
 */
export function skill(value: number | null, constant: number | null, higherIsBetter: boolean): number | null {
  return value === null || constant === null ? null : normalised(value, constant, higherIsBetter);
}

/**
 * The standard error that so many rows leave a skill s, about √((1 − s²) / n): what it is for a gain in accuracy over even
 * classes, 1.15 times less than for 2 AUC − 1, and an upper bound for 1 − rmse / rmse₀, where it is (1 − s) / √n at most.
 */
export function skillError(rows: number, skill = 0): number {
  return Math.sqrt(Math.max(0, 1 - skill * skill) / Math.max(1, rows));
}

/** The mean over seeds of a number that each has, with its paired interval; null where no seed has one. */
export function overSeeds(seeds: number, of: (seed: number) => number | null): Interval | null {
  const values = Array.from({ length: seeds }, (_, seed) => of(seed)).filter((value) => value !== null);
  return pairedInterval(values);
}
