// What the benchmarks use of the sources: training as `train` does it, below the level of tables and reports.
export { compileStep, LocalRuntime, tensorData } from '../../src/engine/index.ts';
export { parseOptimiser } from '../../src/engine/optimiser/index.ts';
export { initialise } from '../../src/model/index.ts';
export { chooseObjective, MEDIATORS } from '../../src/objective/index.ts';
export { openTrainingStep } from '../../src/optimization/lazy-stepper.ts';
export { mediatorOf } from '../../src/optimization/objective-memory.ts';
export { buildTrainingStep, THETA } from '../../src/optimization/training-step.ts';
export { kindOf } from '../../src/problem/registry.ts';
