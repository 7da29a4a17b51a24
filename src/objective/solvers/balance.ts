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
  const c = diagonal(units, size);
  const most = STATIONARY ** (1 / (1 + power));
  if (size === 2 && power === 1) {
    const pair = balancedPair(c[0]!, c[1]!, units[1]!);
    return pair.every((value) => value < most) ? pair.map((value, i) => value * alone[i]!) : undefined;
  }
  let x = new Float64Array(size).fill(1);
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 100; round++) {
    const pull = x.map((value, i) => c[i]! * value ** -power);
    const slope = multiply(units, x).map((value, i) => value - pull[i]!);
    const hessian = units.slice();
    for (let i = 0; i < size; i++) hessian[i * size + i]! += (power * pull[i]!) / x[i]!;
    const factor = cholesky(hessian, size);
    if (factor === undefined) return undefined;
    const step = solveFactor(factor, slope);
    const slack = dot(slope, step) / dot(pull, x);
    x = slack > ROUGH ? shortened(units, c, power, x, step) : moved(x, step, 1);
    if (x.some((value) => !(value < most))) return undefined;
    if (round === SUSPICIOUS && cancels(gramian, size)) return undefined;
    // Near the end rounding alone is left, and steps no longer get smaller.
    if (slack <= PRECISION || (slack <= ROUGH && slack >= before)) break;
    before = slack;
  }
  return x.map((value, i) => value * alone[i]!);
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

/** The longest of halved steps that stays positive and lowers F as a step should. */
function shortened(
  units: Float64Array,
  c: Float64Array,
  power: number,
  x: Float64Array,
  step: Float64Array,
): Float64Array<ArrayBuffer> {
  const fastest = step.reduce((most, value, i) => Math.max(most, value / x[i]!), 0);
  const slope = multiply(units, x).map((value, i) => value - c[i]! * x[i]! ** -power);
  const [start, expected] = [objective(units, c, power, x), dot(slope, step)];
  let t = Math.min(1, 0.95 / fastest);
  for (let halving = 0; halving < 30; halving++, t /= 2)
    if (objective(units, c, power, moved(x, step, t)) <= start - 1e-4 * t * expected) break;
  return moved(x, step, t);
}

function moved(x: Float64Array, step: Float64Array, t: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(x, (value, i) => value - t * step[i]!);
}

function objective(units: Float64Array, c: Float64Array, power: number, x: Float64Array): number {
  let sum = dot(x, multiply(units, x)) / 2;
  x.forEach((value, i) => {
    sum -= c[i]! * (power === 1 ? Math.log(value) : value ** (1 - power) / (1 - power));
  });
  return sum;
}

/** Two opposed unit gradients whose sum has a square below 1/this are taken to cancel. */
const STATIONARY = 1e12;
/** Rounds that are seldom needed where there is an answer. */
const SUSPICIOUS = 5;
/** Squares of the Newton decrement beside the size of F: from here on full steps, and the end. */
const [ROUGH, PRECISION] = [1e-8, 1e-22];
