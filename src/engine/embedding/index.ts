export { type CompactOptions, type CompactRows, compactRows } from './compact.ts';
export { type LazyRows, type LazyRowsInput, lazyRows } from './lazy.ts';
export { putRows } from './put-rows.ts';
export { type EmbeddingChunk, EmbeddingStore } from './store.ts';
