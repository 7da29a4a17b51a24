import type { ParameterCount } from '../model/index.ts';
import type { EvaluationPoint } from '../optimization/index.ts';
import { winsAndLosses } from './conventions.ts';
import { taskCurve } from './curve.ts';
import { meanOf, relativeChanges } from './delta.ts';
import type { Diagnosis, TaskDiagnosis } from './diagnosis.ts';
import { discoveries, pairedPValue, rowsPValue } from './discoveries.ts';
import { finite, type Interval, pairedInterval, rowsInterval } from './interval.ts';
import { overfitting } from './overfitting.ts';
import { quicker } from './quicker.ts';
import { effectOf, overallVerdict, taskVerdict } from './verdict.ts';
import { describe } from './words.ts';

/** What one way of learning reached; arrays run over seeds. */
export interface TrialOutcome {
  /** Primary metric on the test rows, [seed][task]. */
  readonly test: readonly (readonly (number | null)[])[];
  readonly curve: readonly EvaluationPoint[];
  readonly parameters: Pick<ParameterCount, 'total'>;
  readonly fileBytes: number;
  readonly latencyMs: number;
}

export interface DiagnoseInput {
  readonly tasks: readonly {
    readonly name: string;
    readonly metric: string;
    readonly higherIsBetter: boolean;
  }[];
  readonly multi: TrialOutcome;
  readonly independent: TrialOutcome;
  /** Δ in per cent on resampled test rows, [task][resample]; read where there is one seed. */
  readonly resampled?: readonly (readonly (number | null)[])[];
}

/**
 * Should these tasks be one model? Compares one joint training with each task alone: same rows, budget and seeds.
 *
 * @param input [task] axes in the order of `tasks`, seeds in the same order on both sides
 * @example diagnose({ tasks, multi: trial, independent: baseline }).words.join(' ')
 */
export function diagnose({ tasks, multi, independent, resampled }: DiagnoseInput): Diagnosis {
  const changes = relativeChanges(
    multi.test,
    independent.test,
    tasks.map(({ higherIsBetter }) => higherIsBetter),
  );
  const seeds = changes.length;
  const byRows = seeds === 1 && resampled !== undefined;
  const evidence = tasks.map((_, t) =>
    weigh(
      changes.map((seed) => seed[t]!),
      byRows ? (resampled[t] ?? []) : undefined,
    ),
  );
  const gains = discoveries(evidence.map(({ p }) => p));
  const losses = discoveries(evidence.map(({ p }) => (p === null ? null : 1 - p)));
  const diagnosed = tasks.map(({ name, higherIsBetter }, t): TaskDiagnosis => {
    const { delta } = evidence[t]!;
    const effect = effectOf(delta);
    const curves = [taskCurve(multi.curve, t), taskCurve(independent.curve, t)] as const;
    return {
      name,
      multi: meanOf(multi.test.map((seed) => seed[t] ?? null)),
      independent: meanOf(independent.test.map((seed) => seed[t] ?? null)),
      delta,
      verdict: taskVerdict(effect),
      effect,
      clear: (effect === 'helped' && gains[t]!) || (effect === 'hurt' && losses[t]!),
      quicker: quicker(...curves, higherIsBetter),
      overfitting: {
        multi: overfitting(curves[0], higherIsBetter),
        independent: overfitting(curves[1], higherIsBetter),
      },
    };
  });
  const { delta } = weigh(changes.map(meanOf), byRows ? meanResamples(resampled) : undefined);
  const facts = {
    verdict: overallVerdict(delta, diagnosed),
    delta,
    tasks: diagnosed,
    intervalOver: intervalOver([delta, ...diagnosed.map((task) => task.delta)], byRows),
    ...winsAndLosses(evidence.map(({ delta }) => delta)),
    smaller: {
      parameters: share(multi.parameters.total, independent.parameters.total),
      fileBytes: share(multi.fileBytes, independent.fileBytes),
      latency: share(multi.latencyMs, independent.latencyMs),
    },
  };
  return { ...facts, words: describe(facts, seeds) };
}

/** The interval and the p-value of a gain: over seeds, or over resampled rows where these are given. */
function weigh(
  changes: readonly (number | null)[],
  resampled: readonly (number | null)[] | undefined,
): { delta: Interval | null; p: number | null } {
  const present = finite(changes);
  if (resampled === undefined) return { delta: pairedInterval(present), p: pairedPValue(present) };
  if (present.length === 0) return { delta: null, p: null };
  return { delta: rowsInterval(present[0]!, resampled), p: rowsPValue(resampled) };
}

/** The mean over tasks of each resample. */
function meanResamples(resampled: readonly (readonly (number | null)[])[]): (number | null)[] {
  const length = Math.max(0, ...resampled.map((task) => task.length));
  return Array.from({ length }, (_, r) => meanOf(resampled.map((task) => task[r] ?? null)));
}

function intervalOver(deltas: readonly (Interval | null)[], byRows: boolean): Diagnosis['intervalOver'] {
  if (deltas.every((delta) => delta === null || delta.low === null)) return 'nothing';
  return byRows ? 'rows' : 'seeds';
}

function share(multi: number, independent: number): number {
  return multi > 0 && independent > 0 ? multi / independent : 1;
}
