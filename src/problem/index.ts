export { ANSWER_KEYS, type Answer } from './answers/answer.ts';
export type { BinaryPrediction } from './answers/binary.ts';
export type { CountPrediction } from './answers/count.ts';
export type { MulticlassPrediction } from './answers/multiclass.ts';
export type { MultilabelPrediction } from './answers/multilabel.ts';
export type { OrdinalPrediction } from './answers/ordinal.ts';
export { answerOf } from './answers/registry.ts';
export type { QuantilePrediction, RegressionPrediction } from './answers/regression.ts';
export type {
  Calibrator,
  FittedCalibration,
  FittedInterval,
  FittedTemperature,
} from './calibration/calibrator.ts';
export { type Evaluation, evaluateBaseline, evaluateTask, metricWeights } from './evaluate.ts';
export { type Inferred, inferKind } from './infer.ts';
export type { Companions, EncodedLabels, FitContext, FittedTask, Kind, Suitability } from './kind.ts';
export type { BinaryOptions } from './kinds/binary.ts';
export type { CountOptions } from './kinds/count.ts';
export type { MulticlassOptions } from './kinds/multiclass.ts';
export type { MultilabelOptions } from './kinds/multilabel.ts';
export type { OrdinalOptions } from './kinds/ordinal.ts';
export type { RegressionOptions } from './kinds/regression.ts';
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
