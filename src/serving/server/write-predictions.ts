import type { Model } from '../model.ts';
import type { OwnOutputs } from './answering.ts';

/** The answer of `/predict`: a prediction for one row, a list for several, and what was odd about the rows. */
export function writePredictions(
  model: Model,
  { ran, start, rows, group }: OwnOutputs,
  single: boolean,
): string {
  const predictions = Array.from({ length: rows }, (_, i) =>
    model.decode(ran.outputs, start + i, ran.names?.[start + i]),
  );
  // Nothing is odd about no rows.
  const warnings = rows === 0 ? [] : ran.warnings[group];
  return JSON.stringify({ predictions: single ? predictions[0] : predictions, warnings });
}
