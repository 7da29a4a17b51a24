import { solveFactor } from './cholesky.ts';
import { diagonal, makeDefinite, rescaled } from './matrix.ts';
import { Sweep } from './sweep.ts';

/**
 * x ≥ 0 with the least ½xᵀHx − bᵀx, for a positive semidefinite H whose least value is bounded; exact, by active sets.
 * Variables with an empty row of H stay 0.
 *
 * C. Lawson, R. Hanson: Solving least squares problems, 1974, chapter 23, on the normal equations.
 *
 * @param hessian [n, n]
 * @param b [n]
 * @param guess an x whose support may be near the answer's: saves time, changes nothing else
 */
export function nonNegativeQuadratic(
  hessian: Float64Array,
  b: Float64Array,
  guess?: ArrayLike<number>,
): Float64Array {
  const size = b.length;
  // In units where the diagonal is 1, tolerances mean the same whatever the scale of each variable.
  const scales = diagonal(hessian, size).map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  const units = rescaled(hessian, scales);
  const scaled = b.map((value, i) => value * scales[i]!);
  const solve = (matrix: Float64Array, support?: ArrayLike<number>): Float64Array =>
    new ActiveSet(matrix, scaled).solve(support);
  let x = solve(units, guess ?? likelySupport(units, scaled));
  if (!isLeast(units, scaled, x)) x = solve(units);
  if (!isLeast(units, scaled, x)) {
    // Rounding of a Gramian to float32 may leave no least value.
    makeDefinite(units, size);
    x = solve(units, likelySupport(units, scaled));
  }
  return x.map((value, i) => value * scales[i]!);
}

/**
 * Whether x ≥ 0 has the least ½xᵀHx − bᵀx as far as rounding tells: Hx − b is 0 where x is above 0, and nowhere below 0
 * (the conditions of Karush, Kuhn and Tucker).
 *
 * @param matrix H, with a diagonal of 1 or 0
 */
export function isLeast(matrix: Float64Array, b: Float64Array, x: Float64Array): boolean {
  const size = b.length;
  const slope = new Float64Array(size);
  let slack = 0;
  for (let i = 0; i < size; i++) slack = Math.max(slack, TOLERANCE * Math.abs(b[i]!));
  for (let i = 0; i < size; i++) {
    const value = x[i]!;
    if (value === 0) continue;
    slack += TOLERANCE * value;
    for (let j = 0; j < size; j++) slope[j]! += value * matrix[i * size + j]!;
  }
  for (let i = 0; i < size; i++) {
    const off = slope[i]! - b[i]!;
    if (!(off >= -slack && (x[i] === 0 || off <= slack))) return false;
  }
  return true;
}

/** 1 for each variable that is above 0 as a rule. */
function likelySupport(matrix: Float64Array, b: Float64Array): Uint8Array {
  const size = b.length;
  const swept = new Sweep(matrix, size, b);
  const column = new Float64Array(size);
  swept.settle(() => swept.column(size, column).map((value) => -value));
  return swept.inside;
}

/** What adds less than this to a direction of length 1 is rounding. */
const TOLERANCE = 1e-12;

class ActiveSet {
  readonly #matrix: Float64Array;
  readonly #b: Float64Array;
  readonly #x: Float64Array;
  readonly #size: number;
  /** Variables that may be above 0, in the order of the factor's rows. */
  readonly #passive: number[] = [];
  /** 1 for those that may not enter now: they are in, or the factor could not take them. */
  readonly #barred: Uint8Array;
  /** Cholesky factor of the passive rows and columns. */
  readonly #factor: Float64Array;

  constructor(matrix: Float64Array, b: Float64Array) {
    this.#matrix = matrix;
    this.#b = b;
    this.#size = b.length;
    this.#x = new Float64Array(b.length);
    this.#barred = new Uint8Array(b.length);
    this.#factor = new Float64Array(matrix.length);
  }

  /** The least value over a guessed support, less the variables that would be negative there. */
  #start(guess: ArrayLike<number>): void {
    for (let i = 0; i < this.#size; i++) if (guess[i]! > 0) this.#append(i);
    for (;;) {
      const goal = this.#goal();
      const kept = this.#passive.filter((_, at) => goal[at]! > 0);
      if (kept.length === this.#passive.length) {
        kept.forEach((i, at) => {
          this.#x[i] = goal[at]!;
        });
        break;
      }
      this.#refactor(kept);
    }
    this.#bar();
  }

  solve(guess?: ArrayLike<number>): Float64Array {
    if (guess !== undefined) this.#start(guess);
    const slack = TOLERANCE * this.#b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let round = 0; round < 10 * this.#size + 10; round++) {
      const entering = this.#steepest(slack);
      if (entering < 0) break;
      if (this.#append(entering) && this.#descend(entering)) this.#bar();
      else this.#barred[entering] = 1;
    }
    return this.#x;
  }

  #bar(): void {
    this.#barred.fill(0);
    for (const i of this.#passive) this.#barred[i] = 1;
  }

  /** The variable at 0 whose growth lowers the value fastest, or −1. */
  #steepest(slack: number): number {
    let [best, most] = [-1, slack];
    for (let i = 0; i < this.#size; i++) {
      if (this.#barred[i] === 1) continue;
      let slope = this.#b[i]!;
      for (const j of this.#passive) slope -= this.#matrix[i * this.#size + j]! * this.#x[j]!;
      if (slope > most) {
        best = i;
        most = slope;
      }
    }
    return best;
  }

  /** Adds a row to the factor; false where the variable depends on those that are in, or has none. */
  #append(entering: number): boolean {
    const [n, at] = [this.#size, this.#passive.length];
    const row = at * n;
    let pivot = this.#matrix[entering * n + entering]!;
    for (let i = 0; i < at; i++) {
      let sum = this.#matrix[entering * n + this.#passive[i]!]!;
      for (let k = 0; k < i; k++) sum -= this.#factor[row + k]! * this.#factor[i * n + k]!;
      this.#factor[row + i] = sum / this.#factor[i * n + i]!;
      pivot -= this.#factor[row + i]! ** 2;
    }
    if (pivot <= TOLERANCE) return false;
    this.#factor[row + at] = Math.sqrt(pivot);
    this.#passive.push(entering);
    return true;
  }

  /** The least value over the passive variables, whatever their sign. */
  #goal(): Float64Array {
    const b = Float64Array.from(this.#passive, (i) => this.#b[i]!);
    return solveFactor(this.#factor, b, b.length, this.#size);
  }

  /** Goes to the least value over the passive variables, and lets go of those that would fall below 0. */
  #descend(entering: number): boolean {
    for (let first = true; ; first = false) {
      const goal = this.#goal();
      let [step, leaving] = [1, -1];
      this.#passive.forEach((i, at) => {
        if (goal[at]! > 0) return;
        const reach = this.#x[i]! / (this.#x[i]! - goal[at]!);
        if (leaving < 0 || reach < step) [step, leaving] = [reach, i];
      });
      if (first && leaving === entering) {
        // Rounding alone made it look worth while.
        this.#passive.pop();
        return false;
      }
      this.#passive.forEach((i, at) => {
        this.#x[i] = this.#x[i]! + step * (goal[at]! - this.#x[i]!);
      });
      if (leaving < 0) return true;
      this.#x[leaving] = 0;
      this.#refactor(this.#passive.filter((i) => this.#x[i]! > 0));
    }
  }

  #refactor(kept: readonly number[]): void {
    for (const i of this.#passive.splice(0)) if (!kept.includes(i)) this.#x[i] = 0;
    for (const i of kept) if (!this.#append(i)) this.#x[i] = 0;
  }
}
