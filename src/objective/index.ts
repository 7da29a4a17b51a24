export { AGGREGATIONS, type ChosenAggregation, chooseAggregation } from './aggregation/index.ts';
export type { ReplicaTask, TaskFacts } from './loss-weighting.ts';
export { chooseLossWeighting, LOSS_WEIGHTINGS, optionsOf } from './loss-weightings.ts';
export {
  AGGREGATOR,
  type AggregatorSettings,
  CROSS,
  GRAMIAN,
  LOSSES,
  MEDIATORS,
  PRESENT,
  WEIGHTS,
} from './mediator.ts';
export {
  BY,
  type ChosenObjective,
  chooseObjective,
  type Granularity,
  needsBaselines,
  type ObjectiveInput,
  type ObjectiveParts,
  OVER,
  objectiveSpec,
} from './objective.ts';
export { withPreference } from './preferring.ts';
export { type ChosenWeighting, epochInputs, weigh } from './weigh.ts';
