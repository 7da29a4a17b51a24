export { RandomStream } from '../../src/common/random.ts';
export { AGGREGATIONS, chooseAggregation } from '../../src/objective/aggregation/registry.ts';
