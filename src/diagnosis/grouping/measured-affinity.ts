import { type Affinity, affinityFrom } from '../affinity.ts';

/** A measurement that goes on: sums and numbers of steps of each pair, [to · T + from]. */
export interface MeasuredAffinityJSON {
  readonly sums: readonly number[];
  readonly counts: readonly number[];
}

/** An affinity in the making: the mean of what each task gains from each other over the steps that tell of both. */
export class MeasuredAffinity {
  readonly tasks: readonly string[];
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  /** @param state what `toJSON` gave, to go on from there */
  constructor(tasks: readonly string[], state?: MeasuredAffinityJSON) {
    const pairs = tasks.length ** 2;
    this.tasks = tasks;
    this.#sums = Float64Array.from(state?.sums ?? new Float64Array(pairs));
    this.#counts = Float64Array.from(state?.counts ?? new Float64Array(pairs));
  }

  /** What a step tells of a pair; a value that is not a finite number tells nothing. */
  record(to: number, from: number, benefit: number): void {
    if (!Number.isFinite(benefit)) return;
    const pair = to * this.tasks.length + from;
    this.#sums[pair]! += benefit;
    this.#counts[pair]!++;
  }

  affinity(): Affinity {
    const size = this.tasks.length;
    const mean = (pair: number): number | null =>
      this.#counts[pair] === 0 ? null : this.#sums[pair]! / this.#counts[pair]!;
    const values = this.tasks.map((_to, to) => this.tasks.map((_from, from) => mean(to * size + from)));
    return affinityFrom({ tasks: this.tasks, rows: 'target', values });
  }

  toJSON(): MeasuredAffinityJSON {
    return { sums: [...this.#sums], counts: [...this.#counts] };
  }
}
