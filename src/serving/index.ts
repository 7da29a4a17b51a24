export { load } from './load.ts';
export { Model, type RawOutputs } from './model.ts';
