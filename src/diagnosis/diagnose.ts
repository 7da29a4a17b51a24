import type { ParameterCount } from '../model/index.ts';
import type { EvaluationPoint } from '../optimization/index.ts';
import { taskCurve } from './curve.ts';
import type { Diagnosis, TaskDiagnosis } from './diagnosis.ts';
import { overfitting } from './overfitting.ts';
import { quicker } from './quicker.ts';
import { type SizeScores, sampleEfficiency } from './sample-efficiency.ts';
import { meanScores, measureTransfer, type ScoredTask, type Scores, type TransferInput } from './transfer.ts';
import { describe } from './words.ts';

/** What one way of learning reached; arrays run over seeds. */
export interface TrialOutcome extends Scores {
  readonly curve: readonly EvaluationPoint[];
  readonly parameters: Pick<ParameterCount, 'total'>;
  readonly fileBytes: number;
  readonly latencyMs: number;
  /** Rows that a training step draws, those of all tasks together. */
  readonly rowsPerStep?: number | undefined;
}

export interface DiagnoseInput extends Pick<TransferInput, 'resampled' | 'folds'> {
  readonly tasks: readonly (ScoredTask & { readonly metric: string })[];
  readonly multi: TrialOutcome;
  readonly independent: TrialOutcome;
  /** Both ways with some of the training rows, ascending; the last with all of them. */
  readonly sizes?: readonly SizeScores[] | undefined;
}

/**
 * Should these tasks be one model? Compares one joint training with each task alone: same rows, budget and seeds.
 *
 * @param input [task] axes in the order of `tasks`, seeds in the same order on both sides
 * @example diagnose({ tasks, multi: trial, independent: baseline }).words.join(' ')
 */
export function diagnose(input: DiagnoseInput): Diagnosis {
  const { multi, independent } = input;
  const efficiency = sampleEfficiency(input.tasks, input.sizes ?? []);
  const transfer = measureTransfer(input);
  const together = meanScores(input, 'multi');
  const alone = meanScores(input, 'independent');
  const rows = { multi: multi.rowsPerStep, independent: independent.rowsPerStep };
  const facts = {
    ...transfer,
    tasks: input.tasks.map(({ name, higherIsBetter }, t): TaskDiagnosis => {
      const curves = [taskCurve(multi.curve, t), taskCurve(independent.curve, t)] as const;
      return {
        name,
        multi: together[t]!,
        independent: alone[t]!,
        ...transfer.tasks[t]!,
        quicker: quicker(...curves, higherIsBetter, rows),
        overfitting: {
          multi: overfitting(curves[0], higherIsBetter),
          independent: overfitting(curves[1], higherIsBetter),
        },
      };
    }),
    ...(efficiency && { efficiency }),
    smaller: {
      parameters: share(multi.parameters.total, independent.parameters.total),
      fileBytes: share(multi.fileBytes, independent.fileBytes),
      latency: share(multi.latencyMs, independent.latencyMs),
    },
  };
  const seeds = Math.min(multi.test.length, independent.test.length);
  return { ...facts, words: describe(facts, seeds, input.folds?.length) };
}

function share(multi: number, independent: number): number {
  return multi > 0 && independent > 0 ? multi / independent : 1;
}
