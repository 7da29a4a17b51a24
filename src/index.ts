export { advise, type RunAdvice } from './advise.ts';
export { PolytaskError } from './common/error.ts';
export { ERROR_CODES, type ErrorCode } from './common/error-codes.ts';
export type { Column, Table } from './common/table.ts';
export type { Description, SentenceEncoder } from './data/descriptors/index.ts';
export type { SourceOptions, SourceSpec, Warning } from './data/index.ts';
export { openSource } from './data/sources/index.ts';
export type {
  Advice,
  Cause,
  Causes,
  Diagnosis,
  Interval,
  Setting,
  TaskDiagnosis,
  Verdict,
} from './diagnosis/index.ts';
export {
  type Affinity,
  type AffinityJSON,
  adjustedRandIndex,
  affinityFrom,
  agreeingGroups,
  CosineAffinity,
  chooseGroups,
  FirstOrderAffinity,
  type Grouping,
  type GroupingOptions,
  groupScore,
  higherOrderAffinity,
  LookAheadAffinity,
  type MetGradientsJSON,
  type ObservedGradients,
  type PairResult,
  rankCorrelation,
} from './diagnosis/index.ts';
export {
  type AdviseOptions,
  type AffinityResult,
  type ComparedRun,
  type Comparison,
  compareRuns,
  configJsonSchema,
  type FitEvent,
  type FitHooks,
  type FrontEvent,
  type FrontHooks,
  type FrontPoint,
  type FrontResult,
  type GroupHooks,
  type GroupResult,
  type NextStep,
  type ProposedGrouping,
  type RunConfig,
  type RunConfigInput,
  type RunResult,
  type TrialResult,
  VERSION,
  type Verification,
  type VerifiedGroup,
  type VerifiedGrouping,
} from './experiment/index.ts';
export { type FitInput, type Fitted, fit, resume } from './fit.ts';
export { type FrontInput, resumeFront, traceFront } from './front.ts';
export { type GroupTasksOptions, groupTasks, measureAffinity, readAffinity } from './group.ts';
export { type OpenRuntimeOptions, openRuntime, probeRuntimes } from './platform/node/index.ts';
export {
  type BinaryPrediction,
  binary,
  type CountPrediction,
  count,
  defineProblem,
  type MulticlassPrediction,
  type MultilabelPrediction,
  multiclass,
  multilabel,
  type OrdinalPrediction,
  ordinal,
  type PredictionOf,
  type Predictions,
  type Problem,
  type QuantilePrediction,
  type RegressionPrediction,
  regression,
  type Task,
  type Tasks,
} from './problem/index.ts';
export { type Exported, type ExportOptions, exportModel } from './serving/export/index.ts';
export {
  type ColumnImportance,
  evaluateModel,
  type GateUse,
  gateShares,
  type ImportanceOptions,
  type LoadOptions,
  load,
  Model,
  type ModelEvaluation,
  type NewTask,
  type PredictOptions,
  permutationImportance,
  type TaskEvaluation,
  type TaskImportance,
} from './serving/index.ts';
export { type ModelServer, type ServeLimits, type ServeOptions, serve } from './serving/server/index.ts';
