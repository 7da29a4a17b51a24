export { type Evaluation, evaluateBaseline, evaluateTask, metricWeights } from './evaluate.ts';
export { type Inferred, inferKind } from './infer.ts';
export type { Companions, EncodedLabels, FitContext, FittedTask, Kind, Suitability } from './kind.ts';
export type { BinaryOptions, BinaryPrediction } from './kinds/binary.ts';
export type { CountOptions, CountPrediction } from './kinds/count.ts';
export type { MulticlassOptions, MulticlassPrediction } from './kinds/multiclass.ts';
export type { MultilabelOptions, MultilabelPrediction } from './kinds/multilabel.ts';
export type { OrdinalOptions, OrdinalPrediction } from './kinds/ordinal.ts';
export type { QuantilePrediction, RegressionOptions, RegressionPrediction } from './kinds/regression.ts';
export { auc } from './metrics/auc.ts';
export { averagePrecision } from './metrics/average-precision.ts';
export { evaluate, type Metric, type MetricInput, normalised } from './metrics/metric.ts';
export {
  defineProblem,
  type Predictions,
  type Problem,
  type ProblemDefinition,
  type Tasks,
} from './problem.ts';
export { KINDS, kindOf } from './registry.ts';
export { parseTaskSpec, type TaskSpec } from './spec.ts';
export {
  binary,
  count,
  multiclass,
  multilabel,
  ordinal,
  type PredictionOf,
  regression,
  type Task,
  type TaskColumn,
  task,
} from './task.ts';
