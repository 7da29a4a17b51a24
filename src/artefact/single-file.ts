import { invalidModel } from './model-files.ts';

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

/** The field of a message that starts at a place; undefined where there is none. */
function readField(
  bytes: Uint8Array,
  start: number,
): { readonly tag: number; readonly content: Uint8Array; readonly end: number } | undefined {
  const tag = readVarint(bytes, start);
  if (tag === undefined || tag.value < 8) return undefined;
  const number = readVarint(bytes, tag.end);
  if (number === undefined) return undefined;
  const [from, size] = { 0: [tag.end, number.end - tag.end], 2: [number.end, number.value] }[
    tag.value & 7
  ] ?? [0, Number.POSITIVE_INFINITY];
  if (from! + size! > bytes.length) return undefined;
  return { tag: tag.value, content: bytes.subarray(from, from! + size!), end: from! + size! };
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10 && start + i < bytes.length; i++) {
    const byte = bytes[start + i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  return undefined;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function toBase64(bytes: Uint8Array): Uint8Array {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return new TextEncoder().encode(btoa(text));
}

function fromBase64(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(atob(new TextDecoder().decode(bytes)), (char) => char.charCodeAt(0));
}
