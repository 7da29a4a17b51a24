/**
 * MultiMNIST out of MNIST: two digits on one canvas, one towards the top left and one towards the bottom right (S. Sabour,
 * N. Frosst, G. E. Hinton: Dynamic routing between capsules, NeurIPS 2017; as two tasks by O. Sener, V. Koltun: Multi-task
 * learning as multi-objective optimization, NeurIPS 2018).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PolytaskError } from '../../dist/index.mjs';
import { uniforms } from './lib.mjs';

const [DIGIT, CANVAS, JITTER] = [28, 36, 4];
/** Where the corner of each digit lies before the jitter. */
const CORNERS = { left: 0, right: CANVAS - DIGIT };
/** Canvases are given at half their resolution. */
const SIDE = CANVAS / 2;

/** The digits of a folder: images [count × 28 × 28] and labels, 0 … 9. */
export function readDigits(folder) {
  const images = readIdx(join(folder, 't10k-images-idx3-ubyte.gz'));
  const labels = readIdx(join(folder, 't10k-labels-idx1-ubyte.gz'));
  const [count] = labels.shape;
  const greatest = labels.values.reduce((a, b) => Math.max(a, b), 0);
  if (images.shape.join() !== [count, DIGIT, DIGIT].join() || labels.shape.length !== 1 || greatest > 9)
    throw new PolytaskError('source-corrupt', {
      path: folder,
      expected: `as many images of ${DIGIT} × ${DIGIT} as labels, and labels from 0 to 9`,
      found: `images ${images.shape.join(' × ')}, labels ${labels.shape.join(' × ')} up to ${greatest}`,
      help: 'Images and labels are two files of one data set: get both anew.',
    });
  return { count, images: images.values, labels: labels.values };
}

/** An idx file of bytes: 0, 0, type 8, the number of axes, each size as 32 bits (big-endian), the values. */
function readIdx(path) {
  const corrupt = (expected, found) =>
    new PolytaskError('source-corrupt', { path, expected, found, help: 'Get the file anew.' });
  const bytes = unpack(path, corrupt);
  if (bytes.length < 4 || bytes.readUIntBE(0, 3) !== 8)
    throw corrupt(
      'an idx file of bytes, which begins with 00 00 08 and the number of axes',
      `"${bytes.toString('hex', 0, 4)}"`,
    );
  const start = 4 + 4 * bytes[3];
  if (bytes.length < start) throw corrupt(`a header of ${start} bytes`, `${bytes.length} bytes in all`);
  const shape = Array.from({ length: bytes[3] }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const size = shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== start + size)
    throw corrupt(`${shape.join(' × ')} = ${size} values`, `${bytes.length - start}`);
  return { shape, values: bytes.subarray(start) };
}

function unpack(path, corrupt) {
  let packed;
  try {
    packed = readFileSync(path);
  } catch (cause) {
    throw new PolytaskError(cause.code === 'ENOENT' ? 'source-not-found' : 'source-unreadable', {
      path,
      expected: 'a file of MNIST',
      found: cause.code,
      help: 'Give the folder of the data sets, in which there is mnist-10k, as the first argument.',
      cause,
    });
  }
  try {
    return gunzipSync(packed);
  } catch (cause) {
    throw corrupt('a gzipped file', cause.message);
  }
}

/**
 * Pairs of digits as columns, side by side; no digit is on two sides.
 *
 * @param sides of each side, by name, how many digits it has and how many pairs are made of them
 * @returns mean values of 2 × 2 pixels `p0` …, the labels `left` and `right`, and the `side`
 */
export function digitPairs(digits, sides, seed) {
  const draw = uniforms(seed);
  const below = (count) => Math.floor(count * draw());
  const order = shuffled(digits.count, below);
  const total = Object.values(sides).reduce((sum, { pairs }) => sum + pairs, 0);
  const pixels = Array.from({ length: SIDE * SIDE }, () => new Float32Array(total));
  const labels = { left: new Uint8Array(total), right: new Uint8Array(total) };
  const side = [];
  let taken = 0;
  for (const [name, { digits: count, pairs }] of Object.entries(sides)) {
    assert(taken + count <= digits.count, 'more digits are asked for than there are');
    const own = order.subarray(taken, taken + count);
    taken += count;
    for (let pair = 0; pair < pairs; pair++) {
      const canvas = new Uint8Array(CANVAS * CANVAS);
      for (const [task, corner] of Object.entries(CORNERS)) {
        const digit = own[below(count)];
        const [top, left] = [0, 0].map(() => corner + below(2 * JITTER + 1) - JITTER);
        const image = digits.images.subarray(digit * DIGIT ** 2, (digit + 1) * DIGIT ** 2);
        merge({ values: canvas, width: CANVAS }, { values: image, width: DIGIT }, top, left);
        labels[task][side.length] = digits.labels[digit];
      }
      canvas.forEach((value, at) => {
        const [y, x] = [Math.floor(at / CANVAS), at % CANVAS];
        pixels[(y >> 1) * SIDE + (x >> 1)][side.length] += value / 4;
      });
      side.push(name);
    }
  }
  return { ...labels, side, ...Object.fromEntries(pixels.map((values, p) => [`p${p}`, values])) };
}

/** Lays an image on a square canvas: at each pixel the greater value; what lies beyond the edge is lost. */
function merge(canvas, image, top, left) {
  image.values.forEach((value, at) => {
    const [y, x] = [top + Math.floor(at / image.width), left + (at % image.width)];
    if (Math.min(x, y) < 0 || Math.max(x, y) >= canvas.width) return;
    const pixel = y * canvas.width + x;
    canvas.values[pixel] = Math.max(canvas.values[pixel], value);
  });
}

/** 0 … count − 1 in random order (Fisher and Yates). */
function shuffled(count, below) {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** What must hold of pairs, on canvases that can be checked by eye. */
export function checkPairs() {
  const canvas = { values: Uint8Array.of(0, 5, 0, 0, 5, 0, 0, 5, 0), width: 3 };
  merge(canvas, { values: Uint8Array.of(1, 9, 7, 3), width: 2 }, 0, 1);
  assert.deepEqual([...canvas.values], [0, 5, 9, 0, 7, 3, 0, 5, 0]);
  merge(canvas, { values: Uint8Array.of(1, 1, 99, 4), width: 2 }, -1, -1);
  merge(canvas, { values: Uint8Array.of(8, 99, 8, 99), width: 2 }, 1, 2);
  assert.deepEqual([...canvas.values], [4, 5, 9, 0, 7, 8, 0, 5, 8]);
  merge(canvas, { values: Uint8Array.of(99, 1, 99, 1), width: 2 }, 0, -1);
  assert.deepEqual([...canvas.values], [4, 5, 9, 1, 7, 8, 0, 5, 8]);

  // Each digit is one bright block in the middle of its image, as bright as its number is high.
  const count = 10;
  const images = new Uint8Array(count * DIGIT ** 2);
  for (let digit = 0; digit < count; digit++)
    for (const [y, x] of [0, 1].flatMap((a) => [0, 1].map((b) => [13 + a, 13 + b])))
      images[digit * DIGIT ** 2 + y * DIGIT + x] = 20 * (digit + 1);
  const labels = Uint8Array.from({ length: count }, (_, digit) => digit);
  const sides = { train: { digits: 7, pairs: 200 }, test: { digits: 3, pairs: 200 } };
  const pairs = digitPairs({ count, images, labels }, sides, 1);
  const seen = { train: new Set(), test: new Set() };
  pairs.side.forEach((side, row) => {
    for (const task of ['left', 'right']) seen[side].add(pairs[task][row]);
    const [a, b] = ['left', 'right'].map((task) => 20 * (pairs[task][row] + 1));
    let light = 0;
    for (let p = 0; p < SIDE * SIDE; p++) {
      const value = pairs[`p${p}`][row];
      light += value;
      // Of 36 pixels the left block has two among 9 … 18, in both directions, the right one two among 17 … 26.
      const places = [Math.floor(p / SIDE), p % SIDE];
      const [inLeft, inRight] = [
        places.every((at) => at >= 4 && at <= 9),
        places.every((at) => at >= 8 && at <= 13),
      ];
      assert(value <= Math.max(inLeft ? a : 0, inRight ? b : 0), 'a digit lies outside its range');
    }
    assert(light <= a + b && light >= Math.max(a, b), 'a digit is lost or counted twice');
  });
  assert.equal(seen.train.size, 7);
  assert.deepEqual(
    [...seen.test].filter((digit) => seen.train.has(digit)),
    [],
  );
  assert.deepEqual(digitPairs({ count, images, labels }, sides, 1), pairs);
}
