import { cholesky, solveFactor } from './cholesky.ts';
import { diagonal, dot, lengthOf, multiply, quadratic, sumOf } from './matrix.ts';
import { minNorm } from './min-norm.ts';

/**
 * Weights of the direction d in a ball around g₀ = Σ pₜ gₜ that serves the worst-off task best:
 * max min_t gₜ·d with ‖d − g₀‖ ≤ c‖g₀‖. The dual is min_w g_w·g₀ + c‖g₀‖‖g_w‖ over the simplex, d = g₀ + c‖g₀‖/‖g_w‖ g_w.
 *
 * For a given σ = ‖g_w‖ / (c‖g₀‖), w is the shortest point of the hull of the gₜ + σ g₀; where its support does not
 * change, w is a line in σ and the σ that fits is known. Supports are tried within a bracket that
 * shrinks, until one confirms itself: exact.
 *
 * B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu: Conflict-averse gradient descent for multi-task learning. NeurIPS 2021.
 *
 * @param gramian [T, T]
 * @param centre p, [T]
 * @param radius c
 */
export function bestInBall(gramian: Float64Array, centre: Float64Array, radius: number): Float64Array {
  const size = centre.length;
  const largest = diagonal(gramian, size).reduce((most, value) => Math.max(most, value), 0);
  if (!(largest > 0)) return centre.slice();
  const ball = new Ball(
    gramian.map((value) => value / largest),
    centre,
    radius,
  );
  return ball.solve();
}

/** w = start + σ slope, while its support stays as it is. */
interface Path {
  readonly start: Float64Array;
  readonly slope: Float64Array;
}

class Ball {
  readonly #gramian: Float64Array;
  readonly #centre: Float64Array;
  /** gₜ·g₀ */
  readonly #along: Float64Array;
  readonly #square: number;
  readonly #reach: number;

  constructor(gramian: Float64Array, centre: Float64Array, radius: number) {
    this.#gramian = gramian;
    this.#centre = centre;
    this.#along = multiply(gramian, centre);
    this.#square = Math.max(0, dot(centre, this.#along));
    this.#reach = radius * Math.sqrt(this.#square);
  }

  solve(): Float64Array {
    if (this.#reach === 0) return this.#centre.slice();
    const shortest = this.#shortest(0);
    const inside = this.#stationary(shortest);
    if (inside !== undefined) return inside;
    // No gradient is longer than 1, so that σ = ‖g_w‖ / reach is within these bounds.
    let [low, high] = [0, 1 / this.#reach];
    // Where the hull's shortest point stays as it is, this is the answer.
    let sigma = Math.max(lengthOf(this.#gramian, shortest), STATIONARY) / this.#reach;
    let weights = this.#shortest(sigma, shortest);
    for (let round = 0; round < 60; round++) {
      if (lengthOf(this.#gramian, weights) > this.#reach * sigma) low = sigma;
      else high = sigma;
      const path = this.#path(weights);
      const fit = path && this.#fit(path, low, high);
      sigma = fit ?? (low + high) / 2;
      const next = this.#shortest(sigma, weights);
      const confirmed = fit !== undefined && next.every((value, i) => value > 0 === weights[i]! > 0);
      weights = next;
      if (confirmed) break;
    }
    return this.#centre.map((value, i) => value + weights[i]! / sigma);
  }

  /** The shortest point of the hull of gₜ + σ g₀. */
  #shortest(sigma: number, guess?: Float64Array): Float64Array {
    const size = this.#centre.length;
    const shifted = this.#gramian.slice();
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        shifted[i * size + j]! += sigma * (this.#along[i]! + this.#along[j]! + sigma * this.#square);
    return minNorm(shifted, size, guess);
  }

  /** From Gw + σ Gp = μ1 on the support and Σw = 1; adding 11ᵀ to G changes μ alone. */
  #path(weights: Float64Array): Path | undefined {
    const size = weights.length;
    const support = Array.from(weights.keys()).filter((i) => weights[i]! > 0);
    const lifted = Float64Array.from({ length: support.length ** 2 }, (_, k) => {
      const [i, j] = [support[Math.floor(k / support.length)]!, support[k % support.length]!];
      return this.#gramian[i * size + j]! + 1;
    });
    const factor = cholesky(lifted, support.length);
    if (factor === undefined) return undefined;
    const ones = solveFactor(factor, new Float64Array(support.length).fill(1));
    const pulled = solveFactor(
      factor,
      Float64Array.from(support, (i) => this.#along[i]!),
    );
    const [total, share] = [sumOf(ones), sumOf(pulled) / sumOf(ones)];
    const [start, slope] = [new Float64Array(size), new Float64Array(size)];
    support.forEach((i, at) => {
      start[i] = ones[at]! / total;
      slope[i] = share * ones[at]! - pulled[at]!;
    });
    return { start, slope };
  }

  /** σ within the bracket with ‖start + σ slope‖ = reach σ; start is perpendicular to slope, which lies in the hull. */
  #fit({ start, slope }: Path, low: number, high: number): number | undefined {
    const open = this.#reach ** 2 - quadratic(this.#gramian, slope);
    const sigma = open > 0 ? lengthOf(this.#gramian, start) / Math.sqrt(open) : 0;
    return sigma > low * (1 - 1e-12) && sigma <= high * (1 + 1e-12) ? sigma : undefined;
  }

  /** Where 0 is in the hull of the gradients and the ball reaches a d that no task minds: p + slope, as σ goes to 0. */
  #stationary(shortest: Float64Array): Float64Array | undefined {
    if (lengthOf(this.#gramian, shortest) > STATIONARY) return undefined;
    const path = this.#path(this.#shortest(STATIONARY));
    if (path === undefined || lengthOf(this.#gramian, path.slope) > this.#reach) return undefined;
    return this.#centre.map((value, i) => value + path.slope[i]!);
  }
}

/** The length, beside the longest gradient, below which a vector is taken to be 0. */
const STATIONARY = 1e-6;
