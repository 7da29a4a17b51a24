export { ELEMENT, rewriteGraph } from './graph-file.ts';
export { isReduced, PRECISIONS, type Precision, storeAs } from './precision.ts';
