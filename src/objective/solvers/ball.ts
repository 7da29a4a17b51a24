import { cholesky, solveFactor } from './cholesky.ts';
import {
  diagonal,
  dot,
  lengthOf,
  makeDefinite,
  multiply,
  quadratic,
  shifted,
  submatrix,
  sumOf,
} from './matrix.ts';
import { minNorm } from './min-norm.ts';
import { Sweep } from './sweep.ts';

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
  const scaled = shifted(gramian, 1 / largest, 0);
  const found = new Ball(scaled, centre, radius).solve();
  if (found !== undefined) return found;
  makeDefinite(scaled, size);
  return new Ball(scaled, centre, radius).solve() ?? centre.slice();
}

/** w = start + σ slope, while its support stays as it is. */
interface Path {
  readonly start: Float64Array;
  readonly slope: Float64Array;
}

class Ball {
  readonly #gramian: Float64Array;
  /** G + 11ᵀ: on the simplex no different from G, and positive definite with Σw. */
  readonly #lifted: Float64Array;
  readonly #centre: Float64Array;
  /** gₜ·g₀ */
  readonly #along: Float64Array;
  readonly #square: number;
  readonly #reach: number;

  constructor(gramian: Float64Array, centre: Float64Array, radius: number) {
    this.#gramian = gramian;
    this.#lifted = shifted(gramian, 1, 1);
    this.#centre = centre;
    this.#along = multiply(gramian, centre);
    this.#square = Math.max(0, dot(centre, this.#along));
    this.#reach = radius * Math.sqrt(this.#square);
  }

  /** Nothing where rounding of the Gramian to float32 has left no length that fits. */
  solve(): Float64Array | undefined {
    if (this.#reach === 0) return this.#centre.slice();
    const least = lengthOf(this.#gramian, this.#shortest(0));
    const inside = least > STATIONARY ? undefined : this.#stationary();
    if (inside !== undefined) return inside;
    // No gradient is longer than 1, so that σ = ‖g_w‖ / reach is within these bounds.
    let [low, high] = [least / this.#reach, 1 / this.#reach];
    const likely = this.#likely(high);
    let sigma = likely.sigma;
    let weights = this.#shortest(sigma, likely.support);
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
    const fits = Math.abs(lengthOf(this.#gramian, weights) / sigma - this.#reach) < 0.01 * this.#reach;
    return fits ? this.#centre.map((value, i) => value + weights[i]! / sigma) : undefined;
  }

  /** The shortest point of the hull of gₜ + σ g₀. */
  #shortest(sigma: number, guess?: ArrayLike<number>): Float64Array {
    const along = this.#along;
    const size = along.length;
    const square = sigma * this.#square;
    const moved = this.#gramian.slice();
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) moved[i * size + j]! += sigma * (along[i]! + along[j]! + square);
    return minNorm(moved, size, guess);
  }

  /** From Gw + σ Gp = μ1 on the support and Σw = 1; adding 11ᵀ to G changes μ alone. */
  #path(weights: Float64Array): Path | undefined {
    const size = weights.length;
    const support = Array.from(weights.keys()).filter((i) => weights[i]! > 0);
    const factor = cholesky(submatrix(this.#lifted, size, support), support.length);
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

  /** A support, and the σ that fits it: the answer, as a rule. */
  #likely(high: number): { readonly sigma: number; readonly support: ArrayLike<number> } {
    const size = this.#centre.length;
    const swept = new Sweep(this.#lifted, size, new Float64Array(size).fill(1), this.#along);
    const [ones, pulled, off] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    const on = (values: Float64Array, i: number): number => swept.inside[i]! * values[i]!;
    let sigma = high;
    swept.sweep(this.#along.indexOf(Math.min(...this.#along)));
    swept.settle(() => {
      swept.column(size, ones);
      swept.column(size + 1, pulled);
      let [total, share] = [0, 0];
      for (let i = 0; i < size; i++) {
        total += on(ones, i);
        share += on(pulled, i);
      }
      share /= total;
      // As in `fit`, where start is (G + 11ᵀ)⁻¹1 / total and slope·Gslope = −slope·Gp.
      let open = this.#reach ** 2;
      for (let i = 0; i < size; i++) open += (share * on(ones, i) - on(pulled, i)) * this.#along[i]!;
      const length = Math.max(STATIONARY, Math.sqrt(Math.max(0, 1 / total - 1)));
      sigma = open > 0 ? Math.min(high, length / Math.sqrt(open)) : high;
      for (let i = 0; i < size; i++) off[i] = sigma * (pulled[i]! - share * ones[i]!) - ones[i]! / total;
      return off;
    });
    return { sigma, support: swept.inside };
  }

  /** Where 0 is in the hull of the gradients, and if the ball reaches a d that no task minds: p + slope, as σ goes to 0. */
  #stationary(): Float64Array | undefined {
    const path = this.#path(this.#shortest(STATIONARY));
    if (path === undefined || lengthOf(this.#gramian, path.slope) > this.#reach) return undefined;
    return this.#centre.map((value, i) => value + path.slope[i]!);
  }
}

/** The length, beside the longest gradient, below which a vector is taken to be 0. */
const STATIONARY = 1e-6;
