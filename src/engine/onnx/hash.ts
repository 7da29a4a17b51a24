/** Equal for equal bytes: the bytes themselves while short, a 64-bit hash and the length beyond. */
export function contentKey(bytes: Uint8Array): string {
  if (bytes.length <= 64) return bytes.join(',');
  return `${bytes.length}:${hashBytes(bytes)}`;
}

/** 64 bits as two independent 32-bit multiplicative hashes. */
export function hashBytes(bytes: Uint8Array): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < bytes.length; i++) {
    a = Math.imul(a ^ bytes[i]!, 0x01000193);
    b = Math.imul(b ^ bytes[i]!, 0x5bd1e995) ^ (b >>> 15);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
