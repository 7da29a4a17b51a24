import ort from 'onnxruntime-node';

/** The session options that Polytask's runtime takes. */
export async function openSession(bytes, threads, extra = {}) {
  return ort.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
    ...extra,
  });
}

export { ort };
