export { type Family, type HeadSpec, orderByFamily } from './heads.ts';
export type { FeatureSignature } from './inputs.ts';
export { ACTIVATIONS, type Activation, type MlpOptions } from './layers.ts';
export { buildModel, type ModelSignature, type ModelSpec, SHARINGS, sharingByName } from './model.ts';
export {
  countParameters,
  initialise,
  type Lookup,
  type Owner,
  type Parameter,
  type ParameterCount,
  ParameterSet,
} from './parameter.ts';
export type { BatchLayout } from './sharing/sharing.ts';
export { type Unshared, unshare } from './unshare.ts';
export { pickTask } from './view.ts';
