export { evaluateModel, type ModelEvaluation, type TaskEvaluation } from './evaluate.ts';
export { load } from './load.ts';
export { Model, type RawOutputs } from './model.ts';
