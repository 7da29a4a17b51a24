export { type Exported, type ExportOptions, exportModel } from './export-model.ts';
