import { Outputs, Scorer } from '../optimization/index.ts';
import type { Judged } from './judge.ts';

/** What the exported model reached on the test rows: one seed's, or the mean of all of them. */
export interface ExportedResult {
  /** The seeds whose models it holds. */
  readonly seeds: readonly number[];
  /** Primary metric, [task]; null where it is undefined. */
  readonly test: readonly (number | null)[];
  /** Every metric, [task]. */
  readonly allMetrics: readonly Readonly<Record<string, number | null>>[];
  /** Long problems: every metric over the rows of all tasks together. */
  readonly pooled?: Readonly<Record<string, number | null>>;
}

/** Judges what is exported by the predictions that were made already. */
export function exportedResult(
  { prepared, seeds: trained, testOutputs }: Pick<Judged, 'prepared' | 'seeds' | 'testOutputs'>,
  seeds: readonly number[],
): ExportedResult {
  const { dataset, split, signature } = prepared;
  const scorer = new Scorer(dataset, split.test);
  const positions = seeds.map((seed) => trained.indexOf(seed));
  const outputs = new Outputs([
    dataset.tasks.map((_, t) => meanOf(positions.map((s) => testOutputs.of(s, t)))),
  ]);
  return {
    seeds,
    test: scorer.metrics(outputs, 0),
    allMetrics: dataset.tasks.map((_, t) => scorer.allMetrics(outputs, 0, t)),
    ...(signature.long && { pooled: scorer.pooledMetrics(outputs, 0) }),
  };
}

/** The mean of several predictions. */
export function meanOf(values: readonly Float32Array[]): Float32Array {
  const [first] = values as [Float32Array];
  if (values.length === 1) return first;
  return first.map((_, i) => values.reduce((sum, own) => sum + own[i]!, 0) / values.length);
}
