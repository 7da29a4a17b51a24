export { type Description, isRecord } from './description.ts';
export { type DescriptorJSON, FittedDescriptor, type SentenceEncoder } from './fitted.ts';
export { type ColumnDescriptions, describeByColumns, describeByMeans } from './from-rows.ts';
export {
  type ChosenDescriptor,
  chooseDescriptor,
  DESCRIPTORS,
  type Descriptor,
  type DescriptorOptions,
} from './registry.ts';
