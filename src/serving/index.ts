export { evaluateModel, type ModelEvaluation, type TaskEvaluation } from './evaluate.ts';
export { gateShares } from './explain/gate-shares.ts';
export type { GateUse } from './explain/gates.ts';
export {
  type ColumnImportance,
  type ImportanceOptions,
  permutationImportance,
  type TaskImportance,
} from './explain/permutation.ts';
export type { RawOutputs } from './graph.ts';
export { type LoadOptions, load } from './load.ts';
export { Model, type PredictOptions } from './model.ts';
export type { NewTask } from './task-vectors.ts';
