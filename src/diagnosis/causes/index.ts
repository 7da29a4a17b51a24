export type { Advice, Bearing, Cause, CauseCode, CauseRule, Setting } from './cause.ts';
export { type LabelColumn, type LabelStatistics, labelStatistics } from './label-statistics.ts';
export type { Measured, MeasuredSettings, MeasuredTask, MeasuredTrial, WidthProbe } from './measured.ts';
export { withReasons } from './reasons.ts';
export { CAUSES, type Causes, findCauses } from './registry.ts';
