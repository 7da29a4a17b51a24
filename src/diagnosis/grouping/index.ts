export { chooseGroups, type Grouping, MOST_EXACT } from './choose.ts';
export { CosineAffinity, FirstOrderAffinity } from './gradient-affinity.ts';
export { groupScore } from './group-score.ts';
export { higherOrderAffinity, type PairResult } from './higher-order.ts';
export { LookAheadAffinity } from './look-ahead.ts';
export { MeasuredAffinity, type MeasuredAffinityJSON } from './measured-affinity.ts';
export type { GroupingOptions } from './problem.ts';
export { adjustedRandIndex } from './rand-index.ts';
export { rankCorrelation } from './rank-correlation.ts';
