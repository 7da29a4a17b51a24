import type { FittedTask } from './kind.ts';
import { evaluate, type MetricInput } from './metrics/metric.ts';
import { kindOf } from './registry.ts';

/** Metrics of a task by name, null where undefined, and the one it is judged by. */
export interface Evaluation {
  readonly primary: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/** All metrics of a task's predictions. */
export function evaluateTask(fitted: FittedTask, input: MetricInput): Evaluation {
  const kind = kindOf(fitted.kind);
  return { primary: kind.primary(fitted), values: evaluate(kind.metrics(fitted), input, fitted) };
}

/** All metrics of the best constant prediction, against which a model has to show its worth. */
export function evaluateBaseline(fitted: FittedTask, truth: Omit<MetricInput, 'outputs'>): Evaluation {
  const constants = kindOf(fitted.kind).baseline(fitted);
  const outputs = new Float64Array(truth.weights.length * constants.length);
  for (let i = 0; i < outputs.length; i++) outputs[i] = constants[i % constants.length]!;
  return evaluateTask(fitted, { ...truth, outputs });
}

/**
 * Weights for metrics: 1, or the user's weight of the row, where there is a label, else 0. Class weights shape what is
 * learned and never what is measured.
 *
 * @param weights those of the encoded labels
 */
export function metricWeights(weights: ArrayLike<number>, rowWeights?: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: weights.length }, (_, row) =>
    weights[row]! > 0 ? (rowWeights?.[row] ?? 1) : 0,
  );
}
