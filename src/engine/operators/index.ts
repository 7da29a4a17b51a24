export * from './arithmetic.ts';
export * from './elementwise.ts';
export * from './indexing.ts';
export * from './linear.ts';
export * from './normalise.ts';
export * from './random.ts';
export * from './reduce.ts';
export * from './shape.ts';
