import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Rows below it test, in both programs. */
const TEST = 0.2;
/** Polytask takes its validation rows out of those that trees learn from: this part of them. */
const VALIDATION = 0.1;

/** A number in [0, 1) of a row, counted from 0, as `hashed` in trees.py. */
export function share(seed, row) {
  let bits = (Math.imul(seed + 1, 0x9e3779b9) + Math.imul(row + 1, 0x85ebca6b)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** Copies a gzipped CSV file with one column more, `side`: train, validation or test. */
export function writeSides(from, to, seed) {
  const [header, ...lines] = gunzipSync(readFileSync(from)).toString().trimEnd().split(/\r?\n/);
  const sided = lines.map((line, row) => `${line},${sideOf(share(seed, row))}`);
  writeFileSync(to, `${[`${header},side`, ...sided].join('\n')}\n`);
}

function sideOf(at) {
  if (at < TEST) return 'test';
  return at < TEST + (1 - TEST) * VALIDATION ? 'validation' : 'train';
}
