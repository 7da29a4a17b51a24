export { TOY_PARETO, TOY_STARTS, toy } from '../../src/objective/toy.ts';
export { aggregationRule, famoRule, followToy } from '../../src/objective/toy-paths.ts';
