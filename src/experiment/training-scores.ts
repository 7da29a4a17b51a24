import type { Runtime } from '../engine/index.ts';
import { Scorer } from '../optimization/index.ts';
import { type Part, placesOf } from './part.ts';
import type { Prepared } from './prepare.ts';
import { openPredictor } from './trial.ts';

/** Training rows that are predicted at the end: enough for a metric, and next to nothing beside the training. */
const MOST_ROWS = 4096;

/** Some of the rows, evenly spaced. */
export function someRows(rows: Int32Array, most: number = MOST_ROWS): Int32Array {
  const count = Math.min(rows.length, most, MOST_ROWS);
  return Int32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
}

/**
 * The primary metric of each task on some of its training rows, as a model that predicts has it; what is lost between
 * them and the validation rows was learned by heart.
 *
 * @returns [seed][task]; null where it is undefined
 */
export async function trainingScores(
  runtime: Runtime,
  prepared: Prepared,
  parts: readonly Part[],
): Promise<(number | null)[][]> {
  const own: (number | null)[][][] = [];
  for (const { kept } of parts) {
    const { trial, spec, theta } = kept;
    const rows = someRows(trial.prepared.split.train);
    const predictor = await openPredictor(runtime, trial, spec, rows);
    const outputs = await predictor.predict(theta).finally(() => predictor.close());
    const scorer = new Scorer(trial.prepared.dataset, rows);
    own.push(trial.seeds.map((_, s) => scorer.metrics(outputs, s)));
  }
  const places = placesOf(prepared, parts);
  return own[0]!.map((_, s) => places.map(({ part, task }) => own[part]![s]![task]!));
}
