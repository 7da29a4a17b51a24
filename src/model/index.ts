export { type Family, type HeadSpec, orderByFamily } from './heads.ts';
export type { FeatureSignature } from './inputs.ts';
export { type Activation, ACTIVATIONS, type MlpOptions } from './layers.ts';
export { buildModel, type ModelSignature, type ModelSpec, sharingByName, SHARINGS } from './model.ts';
export { countParameters, initialise, type Owner, type Parameter, type ParameterCount, ParameterSet } from './parameter.ts';
export type { BatchLayout } from './sharing/sharing.ts';
export { pickTask } from './view.ts';
