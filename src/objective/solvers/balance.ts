import { cholesky, solveFactor } from './cholesky.ts';
import { diagonal, dot, multiply, quadratic, rescaled, unitScales } from './matrix.ts';
import { minNorm } from './min-norm.ts';

/**
 * α > 0 with Gα = c α^{−p}: the least of the strictly convex F(α) = ½αᵀGα − Σ cᵢ φ(αᵢ), φ = ln for p = 1 and
 * α^{1−p}/(1 − p) otherwise, by damped Newton steps from what each gradient would take alone.
 *
 * Where 0 is in the convex hull of the gradients (Pareto-stationary), F has no least value: α grows without bound while
 * Σ αₜ gₜ goes to 0.
 *
 * A. Navon et al.: Multi-task learning as a bargaining game. ICML 2022 (p = 1). H. Ban, K. Ji: Fair resource allocation
 * in multi-task learning. ICML 2024 (p = 1/α).
 *
 * @param gramian [T, T], each diagonal element > 0
 * @param shares c, [T], each > 0
 * @returns undefined at a Pareto-stationary point
 */
export function balance(
  gramian: Float64Array,
  shares: Float64Array,
  power: number,
): Float64Array | undefined {
  const size = shares.length;
  const alone = shares.map((share, i) => (share / gramian[i * size + i]!) ** (1 / (1 + power)));
  // In units of what each would take alone every unknown starts at 1 and Gᵢᵢ = cᵢ, whatever the scales.
  const units = rescaled(gramian, alone);
  const most = STATIONARY ** (1 / (1 + power));
  if (size === 2 && power === 1) {
    const pair = balancedPair(units[0]!, units[3]!, units[1]!);
    return pair.every((value) => value < most) ? pair.map((value, i) => value * alone[i]!) : undefined;
  }
  const problem = new Problem(units, diagonal(units, size), power);
  let now = problem.at(new Float64Array(size).fill(1));
  let before = Number.POSITIVE_INFINITY;
  let unsure = true;
  for (let round = 0; round < 100; round++) {
    const slope = now.force.map((value, i) => value - now.pull[i]!);
    const step = problem.newton(now, slope);
    if (step === undefined) return undefined;
    const slack = dot(slope, step) / now.size;
    now = slack > ROUGH ? problem.lower(now, step, dot(slope, step)) : problem.along(now.x, step, 1);
    if (unsure && (round === SUSPICIOUS || now.x.some((value) => value > most))) {
      if (cancels(gramian, size)) return undefined;
      unsure = false;
    }
    // Near the end rounding alone is left, and steps no longer get smaller.
    const grows = now.x.some((value, i) => -step[i]! > value / 2);
    if (!grows && (slack <= PRECISION || (slack <= ROUGH && slack >= before))) break;
    before = slack;
  }
  return now.x.map((value, i) => value * alone[i]!);
}

/** c x² + u x₁x₂ = c for each of the two: a quadratic equation in x₁x₂. */
function balancedPair(c1: number, c2: number, u: number): Float64Array {
  const open = c1 * c2 - u * u;
  const along = u * (c1 + c2);
  const root = Math.sqrt(Math.max(0, along * along + 4 * open * c1 * c2));
  const product = u < 0 ? (root - along) / (2 * open) : (2 * c1 * c2) / (root + along);
  return Float64Array.of(Math.sqrt(1 - (u / c1) * product), Math.sqrt(1 - (u / c2) * product));
}

/** Whether 0 is in the convex hull of the gradients. */
function cancels(gramian: Float64Array, size: number): boolean {
  const units = rescaled(gramian, unitScales(gramian, size));
  return quadratic(units, minNorm(units, size)) * STATIONARY < 1;
}

interface Point {
  readonly x: Float64Array;
  /** Gx */
  readonly force: Float64Array;
  /** c x^{−p} */
  readonly pull: Float64Array;
  /** xᵀGx and Σ c x^{1−p}, which are the same where F is least on the ray through x. */
  readonly size: number;
  /** F(x) */
  readonly value: number;
}

class Problem {
  readonly #gramian: Float64Array;
  readonly #c: Float64Array;
  readonly #power: number;
  readonly #hessian: Float64Array;
  readonly #factor: Float64Array;

  constructor(gramian: Float64Array, c: Float64Array, power: number) {
    this.#gramian = gramian;
    this.#c = c;
    this.#power = power;
    this.#hessian = new Float64Array(gramian.length);
    this.#factor = new Float64Array(gramian.length);
  }

  /** The point of the ray through x where F is least; x itself moves there. */
  at(x: Float64Array): Point {
    const [c, power, pull] = [this.#c, this.#power, new Float64Array(x.length)];
    const force = multiply(this.#gramian, x);
    let [forces, pulls, utility] = [0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      pull[i] = c[i]! * x[i]! ** -power;
      forces += force[i]! * x[i]!;
      pulls += pull[i]! * x[i]!;
    }
    const stretch = (pulls / forces) ** (1 / (1 + power));
    const fall = stretch ** -power;
    for (let i = 0; i < x.length; i++) {
      x[i]! *= stretch;
      force[i]! *= stretch;
      pull[i]! *= fall;
      if (power === 1) utility += c[i]! * Math.log(x[i]!);
    }
    const size = forces * stretch * stretch;
    return { x, force, pull, size, value: size / 2 - (power === 1 ? utility : size / (1 - power)) };
  }

  /** Newton's step, to be subtracted. */
  newton({ x, pull }: Point, slope: Float64Array): Float64Array | undefined {
    const size = x.length;
    this.#hessian.set(this.#gramian);
    for (let i = 0; i < size; i++) this.#hessian[i * size + i]! += (this.#power * pull[i]!) / x[i]!;
    const factor = cholesky(this.#hessian, size, this.#factor);
    return factor && solveFactor(factor, slope);
  }

  /** A point along the step that lowers F as a step should. */
  lower({ x, value }: Point, step: Float64Array, expected: number): Point {
    const whole = this.along(x, step, 1);
    if (whole.value <= value - 1e-4 * expected) return whole;
    const fastest = step.reduce((most, by, i) => Math.max(most, by / x[i]!), 0);
    let t = Math.min(1, 0.95 / fastest);
    let best = this.at(straight(x, step, t));
    for (const part of [1 / 4, 1 / 16, 1 / 64]) {
      const point = this.along(x, step, part);
      if (point.value < best.value) best = point;
    }
    for (; t > 1e-9 && !(best.value <= value - 1e-4 * t * expected); t /= 2)
      best = this.at(straight(x, step, t / 2));
    return best;
  }

  /**
   * A part of the step. Where x falls far it goes straight in x^{−p} instead, which stays above 0 and is exact while the
   * force is what it was; all others keep in step, so that no force comes of what cancels.
   */
  along(x: Float64Array, step: Float64Array, part: number): Point {
    const power = this.#power;
    return this.at(
      x.map((value, i) => {
        const by = (part * step[i]!) / value;
        return by > 1 / 2 ? Math.max(LEAST, value * (1 + power * by) ** (-1 / power)) : value * (1 - by);
      }),
    );
  }
}

function straight(x: Float64Array, step: Float64Array, t: number): Float64Array {
  return x.map((value, i) => value - t * step[i]!);
}

/** Two opposed unit gradients whose sum has a square below 1/this are taken to cancel. */
const STATIONARY = 1e12;
/** Rounds that are seldom needed where there is an answer. */
const SUSPICIOUS = 20;
/** Squares of the Newton decrement beside the size of F: from here on full steps, and the end. */
const [ROUGH, PRECISION] = [1e-8, 1e-22];
/** What is as good as 0, and may still be divided by. */
const LEAST = 1e-30;
