export {
  type Aggregation,
  type AggregationInput,
  type AggregationStep,
  anyAggregation,
  type Direction,
  type GradientContext,
} from './aggregation.ts';
export type { ChosenAggregation } from './compose.ts';
export { AGGREGATIONS, chooseAggregation } from './registry.ts';
