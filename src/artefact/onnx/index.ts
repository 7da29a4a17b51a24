export { type ColumnsPlan, columnsForm } from './columns/columns-form.ts';
export { compose, type Joint } from './compose.ts';
export { ELEMENT, graphOf, rewriteGraph, weightsOf } from './graph-file.ts';
export { isReducedGraph, PRECISIONS, type Precision, storeAs } from './precision.ts';
