export { load, Model, type RawOutputs } from './model.ts';
