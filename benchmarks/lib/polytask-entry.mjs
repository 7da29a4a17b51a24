// What the benchmarks use of the sources: training as `train` does it, below the level of tables and reports.

export * as diagnosis from '../../src/diagnosis/index.ts';
export { compileStep, LocalRuntime, tensorData } from '../../src/engine/index.ts';
export { parseOptimiser } from '../../src/engine/optimiser/index.ts';
export { parseConfig } from '../../src/experiment/config.ts';
export { ofTasks } from '../../src/experiment/of-tasks.ts';
export { prepare } from '../../src/experiment/prepare.ts';
export { openPredictor, trainTrial } from '../../src/experiment/trial.ts';
export { initialise } from '../../src/model/index.ts';
export { chooseObjective, MEDIATORS } from '../../src/objective/index.ts';
export { Scorer } from '../../src/optimization/index.ts';
export { openTrainingStep } from '../../src/optimization/lazy-stepper.ts';
export { mediatorOf } from '../../src/optimization/objective-memory.ts';
export { buildTrainingStep, THETA } from '../../src/optimization/training-step.ts';
export { openRuntime } from '../../src/platform/node/index.ts';
export { kindOf } from '../../src/problem/registry.ts';
