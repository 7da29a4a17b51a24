export { type ColumnType, type ColumnValues, columnFromValues } from './cells.ts';
export {
  cellAt,
  codesOf,
  columnLength,
  isMissing,
  makeTable,
  requireColumn,
  stringColumn,
  takeColumn,
  takeRows,
  textAt,
} from './columns.ts';
export { concatTables } from './concat.ts';
export { fitBins } from './encoders/bins.ts';
export type { EncoderJSON, EncoderSpec, FittedEncoder } from './encoders/encoder.ts';
export { EncoderSet, type EncoderSetJSON, fitEncoders } from './encoders/encoder-set.ts';
export { featureTensors } from './feature-tensors.ts';
export {
  type FeatureShape,
  type Features,
  joinFeatures,
  type TextFeatures,
  takeFeatures,
} from './features.ts';
export { fingerprint } from './fingerprint.ts';
export { type InspectTask, inspectData } from './inspect/index.ts';
export { type ColumnPlan, describePlan, type PlanOptions, planColumns, type Role } from './plan.ts';
export { tableFromColumns, tableFromRows } from './sources/memory.ts';
export type {
  DatabaseSpec,
  FileSpec,
  PerTaskSpec,
  Row,
  RowStream,
  SourceOptions,
  SourceSpec,
  SqlSpec,
} from './sources/spec.ts';
export { foldRows, nestedRows, type Side, type Split, type SplitSpec, splitRows } from './split/index.ts';
export { WARNING_CODES, type Warn, type Warning, type WarningCode } from './warning.ts';
