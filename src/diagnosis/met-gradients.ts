/** How gradients of tasks met, over all looks. */
export interface MetGradientsJSON {
  /** ‖gₜ‖, the mean over looks in which the task had labels; null where there was none. */
  readonly norms: readonly (number | null)[];
  /**
   * gₜ·gᵤ / (‖gₜ‖‖gᵤ‖), [task][task], the mean over looks in which neither was 0; null where there was none. Empty for more
   * than 20 tasks.
   */
  readonly cosines: readonly (readonly (number | null)[])[];
  /** The mean cosine of all pairs of all looks; null where no two tasks met. */
  readonly cosine: number | null;
  /** The share of pairs that point apart, gₜ·gᵤ < 0, of all pairs of all looks; null where no two tasks met. */
  readonly conflicts: number | null;
}

/** Sums that go on. */
export interface MetGradientsState {
  /** [sum, count] by task. */
  readonly norms: readonly (readonly number[])[];
  /** Of pairs, [t · T + u] with u < t; none for many tasks. */
  readonly cosines: readonly (readonly number[])[];
  /** [sum of cosines, conflicts, count] of all pairs. */
  readonly all: readonly number[];
}

/** Tasks of the most of whom cosines are kept pair by pair. */
const MOST_PAIRED = 20;

/** Norms, cosines and conflicts of gradients, as running means. */
export class MetGradients {
  readonly #size: number;
  readonly #norms: number[][];
  readonly #cosines: number[][];
  readonly #all: number[];

  constructor(tasks: number, state?: MetGradientsState) {
    this.#size = tasks;
    const zeros = (count: number): number[][] => Array.from({ length: count }, () => [0, 0]);
    this.#norms = state?.norms.map((own) => [...own]) ?? zeros(tasks);
    this.#cosines = state?.cosines.map((own) => [...own]) ?? zeros(tasks > MOST_PAIRED ? 0 : tasks * tasks);
    this.#all = [...(state?.all ?? [0, 0, 0])];
  }

  /**
   * One look.
   *
   * @param compared the tasks whose gradients it compared, M of them
   * @param gramian gᵢ·g_j, [M · M]
   */
  add(compared: readonly number[], gramian: ArrayLike<number>): void {
    const lengths = compared.map((_, i) => Math.sqrt(Math.max(0, gramian[i * (compared.length + 1)]!)));
    compared.forEach((t, i) => {
      if (!(lengths[i]! > 0 && Number.isFinite(lengths[i]))) return;
      note(this.#norms[t]!, lengths[i]!);
      for (let j = 0; j < i; j++) {
        const cosine = gramian[i * compared.length + j]! / (lengths[i]! * lengths[j]!);
        if (!Number.isFinite(cosine)) continue;
        const pair = this.#cosines[this.#place(t, compared[j]!)];
        if (pair) note(pair, cosine);
        this.#all[0]! += cosine;
        this.#all[1]! += Number(cosine < 0);
        this.#all[2]!++;
      }
    });
  }

  #place(t: number, u: number): number {
    return Math.max(t, u) * this.#size + Math.min(t, u);
  }

  toJSON(): MetGradientsState {
    return { norms: this.#norms, cosines: this.#cosines, all: this.#all };
  }

  result(): MetGradientsJSON {
    const tasks = this.#norms.map((_, t) => t);
    const [cosines, conflicts, count] = this.#all as [number, number, number];
    return {
      norms: this.#norms.map(mean),
      cosines:
        this.#cosines.length === 0
          ? []
          : tasks.map((t) =>
              tasks.map((u) => (t === u ? unit(this.#norms[t]!) : mean(this.#cosines[this.#place(t, u)]!))),
            ),
      cosine: mean([cosines, count]),
      conflicts: mean([conflicts, count]),
    };
  }
}

function note(sums: number[], value: number): void {
  sums[0]! += value;
  sums[1]!++;
}

/** Six digits are more than a picture shows. */
const mean = ([sum, count]: readonly number[]): number | null =>
  count === 0 ? null : Number((sum! / count!).toPrecision(6));

/** The cosine of a task and itself, where it had a gradient. */
const unit = ([, count]: readonly number[]): number | null => (count === 0 ? null : 1);
