import type { TensorData } from '../engine/index.ts';
import type { Probe } from '../model/index.ts';
import { probeName } from './prediction.ts';

/** A probe as numbers. */
export interface WatchedTable extends Pick<Probe, 'name' | 'kind' | 'rows' | 'columns'> {
  /** [replica][row][column] */
  readonly values: readonly (readonly (readonly number[])[])[];
}

/** Gathers what probes say over the chunks of some rows. */
export class Watch {
  readonly #probes: readonly Probe[];
  readonly #sums: Float64Array[];
  readonly #replicas: number;

  constructor(probes: readonly Probe[], replicas: number) {
    this.#probes = probes;
    this.#replicas = replicas;
    this.#sums = probes.map((probe) => new Float64Array(replicas * probe.rows.length * storedColumns(probe)));
  }

  /** @param outputs of one chunk of rows */
  add(outputs: Readonly<Record<string, TensorData>>): void {
    this.#probes.forEach((probe, p) => {
      const { data } = outputs[probeName(probe)]!;
      const sums = this.#sums[p]!;
      // A matrix is the same whatever the rows are.
      for (let i = 0; i < sums.length; i++) sums[i] = Number(data[i]) + (probe.kind === 'use' ? sums[i]! : 0);
    });
  }

  get tables(): WatchedTable[] {
    return this.#probes.map((probe, p) => {
      const { name, kind, rows, columns } = probe;
      const width = storedColumns(probe);
      const sums = this.#sums[p]!;
      const values = Array.from({ length: this.#replicas }, (_, s) =>
        rows.map((_row, r) => {
          const own = Array.from(
            sums.subarray((s * rows.length + r) * width, (s * rows.length + r + 1) * width),
          );
          if (kind === 'matrix') return own;
          const count = own.pop()!;
          return own.map((sum) => (count === 0 ? 0 : sum / count));
        }),
      );
      return { name, kind, rows, columns, values };
    });
  }
}

/** A use comes with the number of rows that it is a sum over. */
function storedColumns({ kind, columns }: Probe): number {
  return columns.length + (kind === 'use' ? 1 : 0);
}
