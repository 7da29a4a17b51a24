import type { ObservedPoint, PairCosines } from '../optimization/index.ts';
import { MetGradients } from './met-gradients.ts';

/** Cosines of the most that a point of the curves keeps layer by layer. */
const MOST_CELLS = 400;

/** How gradients met in the looks between two evaluations. */
export class RecentGradients {
  readonly #names: readonly string[];
  readonly #whole: MetGradients;
  readonly #layers: readonly MetGradients[];
  #looks = 0;

  /** @param layers names of the layers */
  constructor(tasks: number, layers: readonly string[]) {
    const cells = (layers.length * tasks * (tasks - 1)) / 2;
    this.#names = layers;
    this.#whole = new MetGradients(tasks);
    this.#layers = cells > MOST_CELLS ? [] : layers.map(() => new MetGradients(tasks));
  }

  /**
   * One look.
   *
   * @param compared the tasks whose gradients it compared, M of them
   * @param whole gᵢ·g_j over all layers, [M · M]
   * @param gramians of each layer
   */
  add(compared: readonly number[], whole: ArrayLike<number>, gramians: readonly ArrayLike<number>[]): void {
    this.#looks++;
    this.#whole.add(compared, whole);
    this.#layers.forEach((layer, i) => {
      layer.add(compared, gramians[i]!);
    });
  }

  /** Undefined where there was no look. */
  told(): ObservedPoint | undefined {
    if (this.#looks === 0) return undefined;
    const { norms, conflicts, cosines } = this.#whole.result();
    return {
      looks: this.#looks,
      norms: norms.map((norm) => (norm === null ? null : Number(norm.toPrecision(4)))),
      conflicts: conflicts === null ? null : short(conflicts),
      whole: below(cosines),
      layers: Object.fromEntries(
        this.#layers.map((layer, i) => [this.#names[i]!, below(layer.result().cosines)]),
      ),
    };
  }
}

/** What stands below the diagonal. */
const below = (cosines: readonly (readonly (number | null)[])[]): PairCosines =>
  cosines.map((row, t) => row.slice(0, t).map((cosine) => (cosine === null ? null : short(cosine))));

/** Three decimals are one more than a picture shows; no −0, which JSON does not know. */
const short = (value: number): number => Number(value.toFixed(3)) + 0;
