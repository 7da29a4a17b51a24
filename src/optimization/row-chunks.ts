import { type Features, featureTensors, takeFeatures } from '../data/index.ts';
import type { TensorData } from '../engine/index.ts';
import type { Parameter } from '../model/index.ts';
import type { FittedTask } from '../problem/index.ts';
import { descriptorTable } from './dataset.ts';

/** Rows of one forward run: bounds the memory of the hidden layers. */
const ROWS_PER_RUN = 4096;
/** Numbers that rows with parameters of their own may gather in one run: 128 MB. */
const GATHERED = 32 * 2 ** 20;

/** Where rows to predict come from. */
export interface RowSource {
  readonly features: Features;
  readonly taskOfRow?: Int32Array | undefined;
  readonly descriptors?: Float32Array | undefined;
}

/** Rows of one forward run, with all that a model may read of them. */
export interface RowChunk {
  readonly rows: Int32Array;
  readonly inputs: Readonly<Record<string, TensorData>>;
}

/**
 * Some rows in chunks that are small enough for a forward run.
 *
 * @param tasks in the order of the model's heads
 * @param perRun from `rowsPerRun`
 */
export function* rowChunks(
  source: RowSource,
  tasks: readonly FittedTask[],
  rows: Int32Array,
  perRun: number,
): Generator<RowChunk> {
  for (let start = 0; start < rows.length; start += perRun) {
    const part = rows.subarray(start, start + perRun);
    const own = source.taskOfRow && Int32Array.from(part, (row) => source.taskOfRow![row]!);
    const inputs = {
      ...featureTensors(takeFeatures(source.features, part), own),
      ...descriptorTable({ descriptors: source.descriptors, tasks }),
    };
    yield { rows: part, inputs };
  }
}

/** How many rows a forward run takes; in a long problem a row takes a copy of all that its task owns. */
export function rowsPerRun(parameters: readonly Parameter[], seeds: number, long: boolean): number {
  if (!long) return ROWS_PER_RUN;
  const perRow = parameters.reduce((sum, { shape, owner }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return owner.kind === 'task' ? sum + size / owner.tasks.length : sum;
  }, 0);
  return Math.max(1, Math.min(ROWS_PER_RUN, Math.floor(GATHERED / Math.max(1, perRow * seeds))));
}
