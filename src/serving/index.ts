export { evaluateModel, type ModelEvaluation, type TaskEvaluation } from './evaluate.ts';
export type { RawOutputs } from './graph.ts';
export { type LoadOptions, load } from './load.ts';
export { Model, type PredictOptions } from './model.ts';
export type { NewTask } from './task-vectors.ts';
