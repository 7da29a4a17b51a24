export { averageWeight, movingAverage } from './average.ts';
export { AVERAGE, averaged } from './averaged.ts';
export { type ClipOptions, type ClippedByNorm, clipByGlobalNorm, clipByValue, clipFactor } from './clip.ts';
export { type ScalarOptions, scalarFeeds, scalarInputs } from './feeds.ts';
export type { Optimiser, UpdateInput, UpdateResult } from './optimiser.ts';
export { type ParameterEntry, ParameterLayout, type ParameterSlice } from './parameters.ts';
export { type OptimiserName, type OptimiserSpec, optimisers, parseOptimiser } from './registry.ts';
export {
  parseSchedule,
  type Schedule,
  type ScheduleName,
  type ScheduleSpec,
  type ScheduleState,
  schedules,
} from './schedule/index.ts';
