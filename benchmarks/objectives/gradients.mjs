/** Kinds of gradients that tasks meet with, and what is special in each. */
export const GRADIENTS = {
  agreeing: 'a shared direction and as much noise',
  conflicting: 'two camps with opposed directions, and noise',
  dependent: 'combinations of T/2 directions, and a thousandth of noise',
  stationary: 'noise, whose mean is all but a hundredth taken out',
};

/** Coordinates of a gradient: far more than tasks, as parameters are. */
const COORDINATES = 512;

/**
 * Gradients of one step, in float32, the longest a hundred times as long as the shortest.
 *
 * @param {keyof typeof GRADIENTS} kind
 * @param {number} tasks
 * @param {{ normal(index: number, round: number): number }} random
 * @param {number} step
 * @returns {Float32Array[]} [T, n]
 */
export function gradientsOf(kind, tasks, random, step) {
  const noise = rowsOf(tasks, (t, k) => random.normal(t * COORDINATES + k, 2 * step));
  // What stays the same from step to step.
  const [rank, first] = [Math.ceil(tasks / 2), 2 ** 30];
  const held = rowsOf(rank, (r, k) => random.normal(first + r * COORDINATES + k));
  const mix = (t, r) => random.normal(2 * first + t * rank + r);
  const mean = noise[0].map((_, k) => noise.reduce((sum, row) => sum + row[k] / tasks, 0));
  const value = {
    agreeing: (t, k) => held[0][k] + noise[t][k],
    conflicting: (t, k) => (t % 2 === 0 ? 1 : -1) * held[0][k] + noise[t][k],
    dependent: (t, k) => held.reduce((sum, row, r) => sum + mix(t, r) * row[k], 0) + noise[t][k] / 1000,
    stationary: (t, k) => noise[t][k] - 0.99 * mean[k],
  }[kind];
  const lengths = Array.from({ length: tasks }, (_, t) => 10 ** (2 * random.uniform(3 * first + t) - 1));
  return rowsOf(tasks, (t, k) => Math.fround(lengths[t] * value(t, k)));
}

/** A Bᵀ, [T, T], row-major. */
export function productOf(a, b) {
  return Float64Array.from({ length: a.length * b.length }, (_, at) => {
    const [one, other] = [a[Math.floor(at / b.length)], b[at % b.length]];
    return one.reduce((sum, value, k) => sum + value * other[k], 0);
  });
}

function rowsOf(count, value) {
  return Array.from({ length: count }, (_, t) =>
    Float64Array.from({ length: COORDINATES }, (_, k) => value(t, k)),
  );
}
