import { invalidModel } from './model-files.ts';
import { joined, readField, varint } from './protobuf.ts';

const PREFIX = 'polytask.';
/** `metadata_props` of an ONNX ModelProto: field 14, with a length. */
const METADATA_TAG = (14 << 3) | 2;
const [KEY_TAG, VALUE_TAG] = [(1 << 3) | 2, (2 << 3) | 2];
export const GRAPH = 'model.onnx';

/**
 * A model as one file: its graph, an ONNX model that any ONNX Runtime reads, with all other files in the graph's metadata.
 *
 * A protobuf message may be written in pieces, one after the other: the entries stand behind the bytes of the graph, which
 * stay as they are, and so does their checksum. Text goes in as it is, another graph as Base64.
 *
 * Format: ONNX IR specification, ModelProto.metadata_props.
 */
export function packModel(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const graph = files.get(GRAPH);
  if (graph === undefined) throw invalidModel(GRAPH, 'the graph of a model', 'no file');
  const entries = [...files].flatMap(([name, bytes]) =>
    name === GRAPH ? [] : [entryOf(`${PREFIX}${name}`, name.endsWith('.json') ? bytes : toBase64(bytes))],
  );
  return joined([graph, ...entries]);
}

/**
 * The files of a packed model.
 *
 * @throws `model-invalid` for what is no ONNX model, or one that Polytask did not pack
 */
export function unpackModel(bytes: Uint8Array, place: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const damaged = (found: string): Error =>
    invalidModel(place, 'an ONNX model that polytask exported', found);
  let graphEnd: number | undefined;
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const field = readField(bytes, at);
    if (field === undefined) throw damaged('a file that is no ONNX model, or was cut short');
    at = field.end;
    if (field.tag !== METADATA_TAG) continue;
    const entry = readEntry(field.content);
    if (entry === undefined || !entry.key.startsWith(PREFIX)) continue;
    graphEnd ??= start;
    const name = entry.key.slice(PREFIX.length);
    files.set(name, name.endsWith('.json') ? entry.value : fromBase64(entry.value));
  }
  if (graphEnd === undefined) throw damaged('an ONNX model without the metadata of one');
  return files.set(GRAPH, bytes.subarray(0, graphEnd));
}

function entryOf(key: string, value: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(key);
  const content = joined([
    Uint8Array.of(KEY_TAG),
    varint(name.length),
    name,
    Uint8Array.of(VALUE_TAG),
    varint(value.length),
    value,
  ]);
  return joined([Uint8Array.of(METADATA_TAG), varint(content.length), content]);
}

function readEntry(bytes: Uint8Array): { key: string; value: Uint8Array } | undefined {
  let key = '';
  let value = new Uint8Array();
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes, at);
    if (field === undefined) return undefined;
    if (field.tag === KEY_TAG) key = new TextDecoder().decode(field.content);
    if (field.tag === VALUE_TAG) value = Uint8Array.from(field.content);
    at = field.end;
  }
  return { key, value };
}

/** Bytes as text. */
export function toBase64(bytes: Uint8Array): Uint8Array {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return new TextEncoder().encode(btoa(text));
}

export function fromBase64(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(atob(new TextDecoder().decode(bytes)), (char) => char.charCodeAt(0));
}
