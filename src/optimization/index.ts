export { checkCompared, isShared } from './compared.ts';
export {
  type Dataset,
  descriptorTable,
  labelColumns,
  taskTargets,
  trainingTables,
} from './dataset.ts';
export { lossesOver } from './dataset-losses.ts';
export {
  type GradientLook,
  GradientObserver,
  type GradientObserverOptions,
  type GradientRecorder,
} from './gradient-observer.ts';
export type { Evaluation, EvaluationPoint } from './history.ts';
export type { ObservedPoint, PairCosines } from './observed-point.ts';
export type { Moment, Observer } from './observer.ts';
export { buildPrediction, forward, readsTask } from './prediction.ts';
export { Outputs, Predictor } from './predictor.ts';
export { blockSampler, type Sampler, shuffledSampler, taskSampler } from './sampling/sampler.ts';
export type { TaskSampling } from './sampling/task-sampling.ts';
export { Scorer } from './scoring.ts';
export { train } from './train.ts';
export type { Checkpoint, TrainingHooks, TrainingProgress, TrainingSetup } from './training.ts';
export { THETA } from './training-step.ts';
export type { WatchedTable } from './watching.ts';
