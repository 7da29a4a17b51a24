export type {
  CardCalibration,
  CardMetric,
  ModelCard,
  PrecisionLoss,
  Provenance,
  StoredPrecision,
} from './card.ts';
export { MANIFEST, type Manifest, manifestOf } from './manifest.ts';
export { filesOf, invalidModel, type ModelFiles } from './model-files.ts';
export { type Artefact, readArtefact } from './read.ts';
export {
  type ColumnInputs,
  type ColumnPort,
  type DescriptorsFile,
  FORMAT,
  type GraphPorts,
  type InputColumn,
  type Signature,
  type SignatureGate,
  type SignaturePart,
  type SignatureTask,
} from './signature.ts';
export { GRAPH, packModel, toBase64, unpackModel } from './single-file.ts';
export { type TypesOptions, typesFile } from './types-file.ts';
export { withGraph, withoutEncoders } from './without-encoders.ts';
