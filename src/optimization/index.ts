export { type Dataset, featureTensors, labelColumns, taskTargets, trainingTables } from './dataset.ts';
export type { Evaluation, EvaluationPoint } from './history.ts';
export { buildPrediction, forward } from './prediction.ts';
export { Outputs, Predictor } from './predictor.ts';
export { blockSampler, type Sampler, shuffledSampler, taskSampler } from './sampling/sampler.ts';
export type { TaskSampling } from './sampling/task-sampling.ts';
export { Scorer } from './scoring.ts';
export { type Checkpoint, type TrainingProgress, type TrainingSetup, train } from './train.ts';
export { THETA } from './training-step.ts';
