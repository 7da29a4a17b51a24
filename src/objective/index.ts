export { AGGREGATIONS, type ChosenAggregation, chooseAggregation } from './aggregation/index.ts';
export { slopesAlongValidation, type ValidationRequest } from './along-validation.ts';
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
  needsValidation,
  type ObjectiveInput,
  type ObjectiveParts,
  OVER,
  objectiveSpec,
} from './objective.ts';
export { withPreference } from './preferring.ts';
export { type ChosenWeighting, epochInputs, weigh } from './weigh.ts';
