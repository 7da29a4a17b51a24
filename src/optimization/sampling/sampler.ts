import { PolytaskError } from '../../common/error.ts';
import { RandomStream } from '../../common/random.ts';
import { quotas, type TaskSampling, taskProbabilities } from './task-sampling.ts';

/** The rows of one epoch, batch after batch; a function of (seed, epoch) alone, so that any epoch can be resumed. */
export interface EpochPlan {
  /** [steps × rows per step] */
  readonly rows: Int32Array;
  /** The one task that counts in each step, where batches are single-task; −1 or absent where all do. */
  readonly active?: Int32Array;
}

/** Draws the rows of training. */
export interface Sampler {
  readonly stepsPerEpoch: number;
  /** Rows of one replica in one step. */
  readonly rowsPerStep: number;
  epoch(epoch: number, seed: number): EpochPlan;
}

/** An endless sequence over some rows: one fresh permutation after another, so that all rows come up equally often. */
export class RowStream {
  readonly #rows: Int32Array;
  readonly #name: string;
  readonly #stream: RandomStream;
  #pass = -1;
  #order: Int32Array = new Int32Array(0);

  constructor(rows: Int32Array, seed: number, name: string) {
    this.#rows = rows;
    this.#name = name;
    this.#stream = new RandomStream(seed, `rows/${name}`);
  }

  at(position: number): number {
    if (this.#rows.length === 0) throw withoutRows(this.#name);
    const pass = Math.floor(position / this.#rows.length);
    if (pass !== this.#pass) {
      this.#order = this.#stream.permutation(this.#rows.length, pass);
      this.#pass = pass;
    }
    return this.#rows[this.#order[position % this.#rows.length]!]!;
  }

  /** Copies positions [start, start + out.length). */
  fill(out: Int32Array, start: number): void {
    for (let i = 0; i < out.length; i++) out[i] = this.at(start + i);
  }
}

function withoutRows(name: string): PolytaskError {
  return new PolytaskError('sampling-invalid', {
    path: `tasks.${name}`,
    expected: 'at least one labelled training row',
    found: 'none',
    help: 'Leave the task out, or split so that it has training rows.',
  });
}

/** Keeps one object a seed, so that a replica's permutations are drawn once. */
function perSeed<T>(create: (seed: number) => T): (seed: number) => T {
  const known = new Map<number, T>();
  return (seed) => {
    const own = known.get(seed) ?? create(seed);
    known.set(seed, own);
    return own;
  };
}

/** Every training row once an epoch, in shuffled order; the first of them again where the last batch has room. */
export function shuffledSampler(rows: Int32Array, batchSize: number): Sampler {
  const rowsPerStep = Math.min(batchSize, rows.length);
  const stepsPerEpoch = Math.ceil(rows.length / rowsPerStep);
  return {
    stepsPerEpoch,
    rowsPerStep,
    epoch: (epoch, seed) => {
      const order = new RandomStream(seed, 'rows/all').permutation(rows.length, epoch);
      const at = (i: number): number => rows[order[i % order.length]!]!;
      return { rows: Int32Array.from({ length: stepsPerEpoch * rowsPerStep }, (_, i) => at(i)) };
    },
  };
}

/**
 * Tasks drawn by a strategy, rows by each task's own shuffled stream.
 *
 * @param rowsOfTask training rows with a label of each task
 * @param epochs planned epochs, for strategies that change over training
 */
export function taskSampler(
  rowsOfTask: readonly Int32Array[],
  tasks: readonly string[],
  sampling: TaskSampling,
  batchSize: number,
  epochs: number,
): Sampler {
  const sizes = rowsOfTask.map((rows) => rows.length);
  const distinct = countDistinct(rowsOfTask);
  const rowsPerStep = Math.min(batchSize, distinct);
  const stepsPerEpoch = Math.ceil(distinct / rowsPerStep);
  const single = sampling.batches === 'single';
  const draws = single ? stepsPerEpoch : stepsPerEpoch * rowsPerStep;
  const counts = (epoch: number): number[] =>
    quotas(taskProbabilities(sampling, sizes, tasks, Math.min(1, epoch / Math.max(1, epochs - 1))), draws);
  // drawnBefore[e][t]: how often task t is drawn before epoch e; grows as later epochs are asked for.
  const drawnBefore = [sizes.map(() => 0)];
  const before = (epoch: number): number[] => {
    for (let e = drawnBefore.length; e <= epoch; e++)
      drawnBefore.push(counts(e - 1).map((count, t) => drawnBefore[e - 1]![t]! + count));
    return [...drawnBefore[epoch]!];
  };
  const streams = perSeed((seed) => rowsOfTask.map((rows, t) => new RowStream(rows, seed, tasks[t]!)));
  return {
    stepsPerEpoch,
    rowsPerStep,
    epoch: (epoch, seed) => {
      const taken = before(epoch);
      const drawn = Int32Array.from(counts(epoch).flatMap((count, t) => new Array<number>(count).fill(t)));
      new RandomStream(seed, 'tasks').shuffle(drawn, epoch);
      const plan = new Int32Array(stepsPerEpoch * rowsPerStep);
      const own = streams(seed);
      const width = single ? rowsPerStep : 1;
      drawn.forEach((t, i) => {
        own[t]!.fill(plan.subarray(i * width, (i + 1) * width), taken[t]! * width);
        taken[t]!++;
      });
      return single ? { rows: plan, active: drawn } : { rows: plan };
    },
  };
}

function countDistinct(lists: readonly Int32Array[]): number {
  const seen = new Set<number>();
  for (const list of lists) for (const row of list) seen.add(row);
  return seen.size;
}

/**
 * A block of rows for every task in every step, [tasks, block]: what networks trained side by side, each on its own
 * rows, eat. The epoch is as long as that of mixed batches over the same rows.
 */
export function blockSampler(
  rowsOfTask: readonly Int32Array[],
  tasks: readonly string[],
  batchSize: number,
): Sampler {
  const total = rowsOfTask.reduce((sum, rows) => sum + rows.length, 0);
  const block = Math.max(1, Math.min(batchSize, Math.ceil(total / rowsOfTask.length)));
  const stepsPerEpoch = Math.max(1, Math.round(total / (block * rowsOfTask.length)));
  const streams = perSeed((seed) => rowsOfTask.map((rows, t) => new RowStream(rows, seed, tasks[t]!)));
  return {
    stepsPerEpoch,
    rowsPerStep: block * rowsOfTask.length,
    epoch: (epoch, seed) => {
      const plan = new Int32Array(stepsPerEpoch * block * rowsOfTask.length);
      streams(seed).forEach((stream, t) => {
        for (let step = 0; step < stepsPerEpoch; step++) {
          const at = (step * rowsOfTask.length + t) * block;
          stream.fill(plan.subarray(at, at + block), (epoch * stepsPerEpoch + step) * block);
        }
      });
      return { rows: plan };
    },
  };
}
