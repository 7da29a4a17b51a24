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
  type DescriptorsFile,
  FORMAT,
  type GraphPorts,
  type InputColumn,
  type Signature,
  type SignatureGate,
  type SignaturePart,
  type SignatureTask,
} from './signature.ts';
export { GRAPH, packModel, unpackModel } from './single-file.ts';
export { type TypesOptions, typesFile } from './types-file.ts';
