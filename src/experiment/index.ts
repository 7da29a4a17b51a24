export { type AdvisedRun, type AdviseOptions, adviseRun } from './causes/advise.ts';
export { type NextStep, nextSteps } from './causes/next-steps.ts';
export { withSettings } from './causes/settings.ts';
export { compareRuns } from './compare/compare-runs.ts';
export type {
  ComparedRun,
  ComparedTask,
  Comparison,
  MeanScore,
  Standing,
} from './compare/comparison.ts';
export { aloneConfig } from './compare/reuse-baseline.ts';
export { configJsonSchema, parseConfig } from './config.ts';
export { type FitEvent, type FitHooks, resumeFit, runFit } from './fit.ts';
export type { FrontPoint, FrontResult, FrontTask, Judged, Spread } from './front/result.ts';
export {
  type FrontConfigInput,
  type FrontEvent,
  type FrontHooks,
  resumeFront,
  runFront,
} from './front/trace.ts';
export { affinityOf, measureAffinity } from './grouping/affinity-run.ts';
export { type GroupHooks, type GroupOptions, groupRun } from './grouping/group-run.ts';
export type {
  AffinityResult,
  GroupMeasure,
  GroupResult,
  ProposedGrouping,
  Verification,
  VerifiedGroup,
  VerifiedGrouping,
} from './grouping/result.ts';
export { type Prepared, prepare } from './prepare.ts';
export type { DataFacts, RunResult, TaskFacts, TrialResult } from './result.ts';
export type { RunConfig, RunConfigInput } from './run-config.ts';
export { isRun, kindOfRun, RunFolder } from './run-folder.ts';
export { VERSION } from './version.ts';
