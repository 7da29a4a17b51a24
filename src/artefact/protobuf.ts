/** A field of a protobuf message: its number and wire type, and what is in it. */
export interface Field {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly end: number;
}

/** The field of a message that starts at a place; undefined where there is none. */
export function readField(bytes: Uint8Array, start: number): Field | undefined {
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

/** A number in as many bytes as it needs. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** Bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
