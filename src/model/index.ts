export {
  CONDITIONINGS,
  chooseConditioning,
  isConditioned,
} from './conditioning/registry.ts';
export { type Architecture, describeModel, type PartCount } from './describe.ts';
export { chooseEncoder, ENCODERS, type EncoderSpec, isPlain } from './encoders/registry.ts';
export { type ChosenFlow, chooseFlow, FLOWS } from './flow/registry.ts';
export { type Family, type HeadSpec, orderByFamily } from './heads.ts';
export type { FeatureSignature } from './inputs.ts';
export { ACTIVATIONS, type Activation, type MlpOptions } from './layers.ts';
export {
  areSeparate,
  type BuiltModel,
  buildModel,
  columnsAside,
  type ModelSignature,
  type ModelSpec,
  unreadColumns,
} from './model.ts';
export { binsOf, chooseNumeric, NUMERIC_EMBEDDINGS } from './numeric/registry.ts';
export {
  countParameters,
  initialise,
  type Lookup,
  type Owner,
  type Parameter,
  type ParameterCount,
  ParameterSet,
} from './parameter.ts';
export type { Probe } from './probe.ts';
export { type ChosenSharing, chooseSharing, SHARINGS } from './sharing/registry.ts';
export type { Sharing } from './sharing/sharing.ts';
export type { Block, BlockOwner, Link, Sketch } from './sketch.ts';
export type { BatchLayout } from './task-axis.ts';
export { type Unshared, unshare } from './unshare.ts';
export { pickTask } from './view.ts';
