import { PolytaskError } from '../../common/error.ts';

/** ONNX Runtime's own failure in our words; the first line of its message names the value, and so the layer. */
export function runtimeError(what: string, cause: unknown): PolytaskError {
  return new PolytaskError('runtime-failed', {
    path: what,
    expected: 'a graph that ONNX Runtime accepts',
    found: cause instanceof Error ? cause.message.split('\n')[0]! : String(cause),
    help: 'The name in the message is the layer; run with optimisation "disabled" to rule out a graph rewrite.',
    cause,
  });
}

export function closedError(what: string): PolytaskError {
  return new PolytaskError('runtime-failed', {
    path: what,
    expected: 'something open',
    found: 'it was closed',
    help: 'Open or load it anew; what is closed cannot be used again.',
  });
}
