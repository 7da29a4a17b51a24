import type { CardCalibration, ModelCard } from '../artefact/index.ts';
import { calibrationOf } from './calibration.ts';
import { type ExportedResult, exportedResult } from './exported.ts';
import type { Judged } from './judge.ts';
import type { Prepared } from './prepare.ts';
import type { TaskFacts } from './result.ts';
import { VERSION } from './version.ts';

/** What is known of an exported model: what it reached on the test rows, and where it comes from. */
export interface CardSource {
  readonly tasks: readonly TaskFacts[];
  readonly exported: ExportedResult;
  readonly calibration?: CardCalibration | undefined;
  /** What each task alone reached on the test rows, the mean over seeds, [task]. */
  readonly alone?: readonly (number | null)[] | undefined;
  /** All settings of the run; rows from memory are not among them. */
  readonly config: unknown;
  /** The runtime that it was trained on. */
  readonly runtime: string;
}

export function modelCard(
  { source, fingerprint, split }: Prepared,
  { tasks, exported, calibration, alone, config, runtime }: CardSource,
): ModelCard {
  return {
    metrics: tasks.map(({ task, metric, higherIsBetter, constant, labelled }, t) => ({
      task: task.name,
      metric,
      higherIsBetter,
      value: exported.test[t] ?? null,
      constant,
      ...(alone && { alone: alone[t] ?? null }),
      labelled,
    })),
    ...(calibration && { calibration }),
    provenance: {
      data: {
        source,
        fingerprint,
        rows: { train: split.train.length, validation: split.validation.length, test: split.test.length },
      },
      seeds: exported.seeds,
      config,
      versions: { polytask: VERSION, node: process.version, runtime },
    },
  };
}

/** The card of one model of several that were trained by the same settings. */
export function cardOfSeed(
  trained: Judged,
  tasks: readonly TaskFacts[],
  seed: number,
  others: Pick<CardSource, 'config' | 'runtime'>,
): ModelCard {
  const exported = exportedResult(trained, [seed]);
  return modelCard(trained.prepared, {
    ...others,
    tasks,
    exported,
    calibration: calibrationOf(trained, [seed]),
  });
}
