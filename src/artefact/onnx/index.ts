export { ELEMENT, graphOf, rewriteGraph, weightsOf } from './graph-file.ts';
export { isReducedGraph, PRECISIONS, type Precision, storeAs } from './precision.ts';
