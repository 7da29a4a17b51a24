export { type Affinity, type AffinityJSON, affinityFrom } from './affinity.ts';
export {
  type Advice,
  type Bearing,
  CAUSES,
  type Cause,
  type CauseCode,
  type CauseRule,
  type Causes,
  findCauses,
  type LabelColumn,
  type LabelStatistics,
  labelStatistics,
  type Measured,
  type MeasuredSettings,
  type MeasuredTask,
  type MeasuredTrial,
  type Setting,
  type WidthProbe,
  withReasons,
} from './causes/index.ts';
export { meanOverMetrics, meanOverTasks, meanRanks, seesaw, winsAndLosses } from './conventions.ts';
export { type CurvePoint, taskCurve } from './curve.ts';
export { meanOf, relativeChange, relativeChanges } from './delta.ts';
export { type DiagnoseInput, diagnose, type TrialOutcome } from './diagnose.ts';
export type { Diagnosis, TaskDiagnosis } from './diagnosis.ts';
export { discoveries, rowsPValue } from './discoveries.ts';
export {
  bestFor,
  dominates,
  type Gains,
  hypervolume,
  paretoFront,
  preferenceCount,
  preferenceLattice,
} from './front.ts';
export {
  adjustedRandIndex,
  agreeingGroups,
  CosineAffinity,
  chooseGroups,
  FirstOrderAffinity,
  type Grouping,
  type GroupingOptions,
  groupScore,
  higherOrderAffinity,
  LookAheadAffinity,
  MeasuredAffinity,
  type MeasuredAffinityJSON,
  MOST_EXACT,
  type PairResult,
  rankCorrelation,
} from './grouping/index.ts';
export { type Interval, pairedInterval, quantile, standardError } from './interval.ts';
export type { MetGradientsJSON } from './met-gradients.ts';
export {
  type AffinityKind,
  type ObservedGradients,
  ObservedGradientsRecorder,
} from './observed-gradients.ts';
export type { Overfitting } from './overfitting.ts';
export { type PairOfWays, pairwise, type Way } from './pairwise.ts';
export { percent, portionOf } from './phrases.ts';
export { effort, type Quicker, type QuickerSummary, summariseQuicker } from './quicker.ts';
export {
  efficiencyWords,
  type SampleEfficiency,
  type SizeScores,
  sampleEfficiency,
} from './sample-efficiency.ts';
export {
  type FoldScores,
  measureTransfer,
  type ScoredTask,
  type Scores,
  type TaskTransfer,
  type Transfer,
  type TransferInput,
} from './transfer.ts';
export { unusedColumns, warnOfUnusedExperts } from './unused-experts.ts';
export { type Effect, EQUAL_MARGIN, effectOf, type Verdict } from './verdict.ts';
