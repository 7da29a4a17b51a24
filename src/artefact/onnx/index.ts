export { ELEMENT, graphOf, rewriteGraph } from './graph-file.ts';
export { isReducedGraph, PRECISIONS, type Precision, storeAs } from './precision.ts';
