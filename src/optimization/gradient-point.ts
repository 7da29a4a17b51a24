import type { TensorData } from '../engine/index.ts';
import { conditionNumber } from '../objective/solvers/index.ts';

/**
 * How the tasks' gradients gₜ met between two evaluations, in the first replica, as the aggregation compares them. What
 * counts are the steps in which it did, and in each of them the tasks with labels; a method that draws several batches
 * has gₜ·gᵤ of two of them.
 */
export interface GradientPoint {
  /** ‖gₜ‖, the mean over steps; 0 where the task had no labels in any. */
  readonly norms: readonly number[];
  /**
   * gₜ·gᵤ / (‖gₜ‖‖gᵤ‖), [task][task], the mean over steps in which neither was 0; null where there was none. Empty for
   * more tasks than `MOST_PAIRED`.
   */
  readonly cosines: readonly (readonly (number | null)[])[];
  /** The share of pairs that point apart, gₜ·gᵤ < 0, of all pairs of all steps in which neither was 0. */
  readonly conflicts: number;
  /**
   * 2‖gₜ‖‖gᵤ‖ / (‖gₜ‖² + ‖gᵤ‖²), the mean over all pairs of all steps: 1 where gradients are equally long, towards 0 where
   * one outweighs the other; null where no two tasks met.
   *
   * T. Yu et al.: Gradient surgery for multi-task learning. NeurIPS 2020.
   */
  readonly similarity: number | null;
  /**
   * κ(J) = σ_max / σ_min of the matrix of the gradients, the median over steps evenly spaced; null where it is infinite,
   * as of gradients that are 0 or depend on each other, or where no two tasks met.
   */
  readonly condition: number | null;
}

/** Tasks of the most of whom cosines are kept pair by pair. */
const MOST_PAIRED = 20;

/** What chunks of steps told of gradients, as a point of the curves; undefined where none were compared. */
export function gradientPoint(
  told: readonly Readonly<Record<string, TensorData>>[],
): GradientPoint | undefined {
  const tasks = told.find(({ gramian }) => gramian !== undefined)?.gramian?.shape.at(-1);
  if (tasks === undefined) return undefined;
  const steps = told.flatMap((outputs) => stepsOf(outputs, tasks));
  if (steps.length === 0) return undefined;
  const norms = new Means(tasks);
  const cosines = new Means(tasks * tasks);
  const [conflicts, similarity] = [new Means(1), new Means(1)];
  for (const { present, at } of steps) {
    const lengths = present.map((t) => Math.sqrt(Math.max(0, at(t, t))));
    for (const [i, t] of present.entries()) {
      const a = lengths[i]!;
      norms.add(t, a);
      if (a > 0) cosines.add(t * tasks + t, 1);
      for (let j = 0; j < i; j++) {
        const [u, b] = [present[j]!, lengths[j]!];
        if (a > 0 || b > 0) similarity.add(0, (2 * a * b) / (a * a + b * b));
        if (a === 0 || b === 0) continue;
        // Where products come from two batches they may be larger than lengths allow.
        const cosine = Math.min(1, Math.max(-1, at(t, u) / (a * b)));
        cosines.add(t * tasks + u, cosine);
        cosines.add(u * tasks + t, cosine);
        conflicts.add(0, cosine < 0 ? 1 : 0);
      }
    }
  }
  const all = Array.from({ length: tasks }, (_, t) => t);
  return {
    norms: all.map((t) => norms.of(t) ?? 0),
    cosines: tasks > MOST_PAIRED ? [] : all.map((t) => all.map((u) => cosines.of(t * tasks + u))),
    conflicts: conflicts.of(0) ?? 0,
    similarity: similarity.of(0),
    condition: medianCondition(steps, tasks),
  };
}

/** One step of the first replica. */
interface Step {
  /** Tasks with labels. */
  readonly present: readonly number[];
  /** gₜ·gᵤ */
  at(t: number, u: number): number;
}

/** @param outputs losses [steps, …seeds, T] and, where gradients were compared, their Gramian [steps, …seeds, T, T] */
function stepsOf({ losses, gramian }: Readonly<Record<string, TensorData>>, tasks: number): Step[] {
  if (gramian === undefined) return [];
  const count = gramian.shape[0]!;
  const stride = gramian.data.length / count;
  return Array.from({ length: count }, (_, k): Step => {
    const at = (t: number, u: number): number => Number(gramian.data[k * stride + t * tasks + u]);
    const present = Array.from({ length: tasks }, (_task, t) => t).filter(
      (t) => Number(losses!.data[(k * stride) / tasks + t]) !== 0,
    );
    return { present, at };
  }).filter(({ present, at }) => {
    const squares = present.map((t) => at(t, t));
    // A step without comparison has zeros; one whose gradients are too long for float32 has no numbers.
    return squares.every(Number.isFinite) && squares.some((square) => square !== 0);
  });
}

/** Steps of which the condition number is computed, and how many tasks' they are at most. */
const MOST_STEPS = 16;
const MOST_ROWS = 640;

function medianCondition(steps: readonly Step[], tasks: number): number | null {
  const met = steps.filter(({ present }) => present.length > 1);
  const count = Math.min(met.length, MOST_STEPS, Math.ceil(MOST_ROWS / tasks));
  const found = Array.from({ length: count }, (_, i) => {
    const { present, at } = met[Math.floor(((i + 0.5) * met.length) / count)]!;
    const gramian = present.flatMap((t) => present.map((u) => at(t, u)));
    return conditionNumber(Float64Array.from(gramian), present.length);
  }).sort((a, b) => a - b);
  const median = (found[(count - 1) >> 1]! + found[count >> 1]!) / 2;
  return Number.isFinite(median) ? short(median) : null;
}

/** Running means, each over what it was given. */
class Means {
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  constructor(size: number) {
    this.#sums = new Float64Array(size);
    this.#counts = new Float64Array(size);
  }

  add(i: number, value: number): void {
    this.#sums[i]! += value;
    this.#counts[i]!++;
  }

  of(i: number): number | null {
    return this.#counts[i] === 0 ? null : short(this.#sums[i]! / this.#counts[i]!);
  }
}

/** Six digits are more than a picture shows. */
const short = (value: number): number => Number(value.toPrecision(6));
