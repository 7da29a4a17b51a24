import { TABLE_ROWS } from './sizes.mjs';

/** A small generator with a seed, so that every subject sees the same numbers. */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** @param {number} length */
export function noise(length, seed = 1, scale = 1) {
  const draw = uniform(seed);
  return Float32Array.from({ length }, () => draw() * scale);
}

/**
 * Features and labels that a network can learn: each label is a linear function of the features and some noise.
 *
 * @param {import('./sizes.mjs').Size} size
 */
export function makeTable({ inputs, tasks }, rows = TABLE_ROWS) {
  const features = noise(rows * inputs, 1, Math.sqrt(3));
  const weights = noise(inputs * tasks, 2, Math.sqrt(3 / inputs));
  const rest = noise(rows * tasks, 3, 0.2);
  const labels = Float32Array.from({ length: rows * tasks }, (_, i) => {
    const [row, task] = [Math.floor(i / tasks), i % tasks];
    let sum = rest[i];
    for (let c = 0; c < inputs; c++) sum += features[row * inputs + c] * weights[c * tasks + task];
    return sum;
  });
  return { rows, features, labels };
}

/** Row numbers of `steps` batches, [steps × batch]. */
export function drawRows(steps, batch, rows = TABLE_ROWS, seed = 7) {
  const draw = uniform(seed);
  return Int32Array.from({ length: steps * batch }, () => Math.floor(((draw() + 1) / 2) * rows) % rows);
}

/** The rows of a matrix, picked on the host. */
export function pick(matrix, width, rows) {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(matrix.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}
