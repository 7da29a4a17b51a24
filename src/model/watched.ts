import type { Probe } from './probe.ts';

/** What a probe saw while a model trained: means over seeds. */
export interface Watched extends Pick<Probe, 'name' | 'kind' | 'rows' | 'columns'> {
  /** [row][column] at the states that were kept. */
  readonly kept: readonly (readonly number[])[];
  /** The training step of each table of the history, at most some sixty of them. */
  readonly steps: readonly number[];
  /** [evaluation][row][column] */
  readonly history: readonly (readonly (readonly number[])[])[];
}
