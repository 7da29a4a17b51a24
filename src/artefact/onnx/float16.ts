/** The largest finite number of 16 bits. */
export const LARGEST_HALF = 65504;

/**
 * Numbers in 16 bits, 5 of them exponent, each the nearest to what it was; a tie goes to the even one.
 *
 * Format: IEEE 754-2019, binary16.
 */
export function toHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfOf);
}

/** Numbers of 16 bits in 32, exactly. */
export function fromHalves(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 255) - 127;
  const fraction = bits & 0x7fffff;
  if (exponent === 128) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  if (exponent < -25) return sign;
  // Below 2⁻¹⁴ the leading one is written out, and the exponent's place is a shift.
  const [base, shift, kept] =
    exponent < -14 ? [0, 13 - 14 - exponent, fraction | 0x800000] : [(exponent + 15) << 10, 13, fraction];
  const half = base + (kept >>> shift);
  const rest = kept & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const up = rest > middle || (rest === middle && (half & 1) === 1);
  return sign | Math.min(0x7c00, half + Number(up));
}
