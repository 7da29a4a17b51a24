import { joined, readField, varint } from './protobuf.ts';
import type { ColumnInputs } from './signature.ts';
import { fromBase64 } from './single-file.ts';

/** `graph` of an ONNX ModelProto: field 7, with a length. */
const GRAPH_TAG = (7 << 3) | 2;

/**
 * A graph that takes columns as the graph of features that stands in it, for those who encode rows themselves.
 *
 * The fields of its encoders come first, so that the cut is one of bytes.
 *
 * @returns nothing where the bytes are not such a graph
 */
export function withoutEncoders(
  bytes: Uint8Array,
  { encoders, features }: Pick<ColumnInputs, 'encoders' | 'features'>,
): Uint8Array | undefined {
  const inputs = fromBase64(new TextEncoder().encode(features));
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes, at);
    if (field === undefined) return undefined;
    if (field.tag === GRAPH_TAG) {
      const graph = joined([inputs, field.content.subarray(encoders)]);
      return joined([
        bytes.subarray(0, at),
        Uint8Array.of(GRAPH_TAG),
        varint(graph.length),
        graph,
        bytes.subarray(field.end),
      ]);
    }
    at = field.end;
  }
  return undefined;
}

/** A model with a graph of two parts: the fields of the first come first. @param rest of the model, without a graph */
export function withGraph(rest: Uint8Array, first: Uint8Array, second: Uint8Array): Uint8Array {
  const size = first.length + second.length;
  return joined([rest, Uint8Array.of(GRAPH_TAG), varint(size), first, second]);
}
