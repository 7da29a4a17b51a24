/** Every error code with the sentence that the documentation prints for it; one line a code, sorted by room. */
export const ERROR_CODES = {
  // engine
  'shape-mismatch': 'Two tensors do not fit together, or a shape is not what an operator needs.',
  'dtype-mismatch': 'A tensor has a dtype that the operator does not take.',
  'operator-invalid': 'An operator was given attributes that it cannot work with.',
  'gradient-undefined': 'A gradient was asked through an operator that has none.',
  'dimension-unbound': 'A named dimension has no size where one is needed.',
  'input-missing': 'A program was run without one of its inputs.',
  'runtime-unavailable': 'The asked-for runtime cannot be loaded on this machine.',
  'runtime-failed': 'ONNX Runtime refused a graph or failed while running it.',
  cancelled: 'The work was cancelled; what was saved is intact.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
