import { rescaled, unitScales } from './matrix.ts';
import { isLeast, nonNegativeQuadratic } from './non-negative.ts';
import { Sweep } from './sweep.ts';

/**
 * Σₜ vₜ, where vₜ is the v ≥ pₜ eₜ with the least vᵀGv: Jᵀvₜ is pₜ gₜ projected on the directions that no task minds,
 * {d : Jd ≥ 0}.
 *
 * One matrix has all the answers: swept on the tasks that a projection leans on, its column t is the projection of gₜ. From
 * one projection to that of a gradient like it only few tasks change.
 *
 * @param gramian [T, T]
 * @param shares p, [T]
 */
export function projectEach(gramian: Float64Array, shares: Float64Array): Float64Array {
  const size = shares.length;
  const scales = unitScales(gramian, size);
  const cone = new Cone(rescaled(gramian, scales), size);
  const total = shares.slice();
  const left = new Set(shares.keys());
  for (let task = 0; left.size > 0; task = cone.mostAlike(task, left)) {
    left.delete(task);
    if (!(shares[task]! > 0 && scales[task]! > 0)) continue;
    const length = shares[task]! / scales[task]!;
    const leant = cone.project(task);
    for (let i = 0; i < size; i++) total[i]! += length * leant[i]! * scales[i]!;
  }
  return total;
}

class Cone {
  /** Cosines. */
  readonly #units: Float64Array;
  readonly #size: number;
  #swept: Sweep;
  readonly #column: Float64Array;

  constructor(units: Float64Array, size: number) {
    this.#units = units;
    this.#size = size;
    this.#swept = new Sweep(units, size);
    this.#column = new Float64Array(size);
  }

  /** The one of those left whose gradient makes the least angle with that of the task. */
  mostAlike(task: number, left: ReadonlySet<number>): number {
    let [alike, most] = [task, Number.NEGATIVE_INFINITY];
    for (const other of left) {
      const cosine = this.#units[task * this.#size + other]!;
      if (cosine > most) [alike, most] = [other, cosine];
    }
    return alike;
  }

  /** The x ≥ 0 that makes a projection of the unit gradient, uₜ + Σ xᵢuᵢ; it holds until the next one is asked for. */
  project(task: number): Float64Array {
    const [units, size, swept, x] = [this.#units, this.#size, this.#swept, this.#column];
    // A projection that is not 0 has some of uₜ left, and leans on others alone.
    if (swept.inside[task] === 1) swept.sweep(task);
    swept.settle(() => swept.column(task, x));
    for (let i = 0; i < size; i++) x[i] = swept.inside[i] === 1 ? Math.max(0, -x[i]!) : 0;
    const against = units.slice(task * size, (task + 1) * size);
    for (let i = 0; i < size; i++) against[i] = -against[i]!;
    if (isLeast(units, against, x)) return x;
    // Rounding has got the upper hand: the next task starts anew.
    this.#swept = new Sweep(units, size);
    return nonNegativeQuadratic(units, against);
  }
}
