import type { Prepared } from './prepare.ts';

/**
 * Some tasks of a problem as a problem of their own: the same table, encoders and split. Rows that only other tasks have
 * labels for train nothing; rows that belong to other tasks are on no side.
 *
 * @param names of tasks; they stay in the order of the problem
 */
export function ofTasks(prepared: Prepared, names: readonly string[]): Prepared {
  const { dataset, signature, split, unseen, descriptors } = prepared;
  const kept = dataset.tasks.flatMap(({ name }, t) => (names.includes(name) ? [t] : []));
  if (kept.length === dataset.tasks.length) return prepared;
  const { taskOfRow } = dataset;
  const place = new Map(kept.map((t, i) => [t, i]));
  const width = dataset.descriptors === undefined ? 0 : dataset.descriptors.length / dataset.tasks.length;
  const labels = taskOfRow === undefined ? kept.map((t) => dataset.labels[t]!) : dataset.labels;
  const isOwn = (row: number): boolean => place.has(taskOfRow![row]!);
  const teaches = (row: number): boolean => labels.some(({ weights }) => weights[row]! > 0);
  return {
    ...prepared,
    dataset: {
      ...dataset,
      tasks: kept.map((t) => dataset.tasks[t]!),
      labels,
      ...(taskOfRow && { taskOfRow: taskOfRow.map((t) => place.get(t) ?? 0) }),
      ...(dataset.descriptors && { descriptors: pick(dataset.descriptors, kept, width) }),
    },
    signature: {
      ...signature,
      features: {
        ...signature.features,
        ...(signature.features.descriptors && { descriptors: { tasks: kept.length, width } }),
      },
      heads: signature.heads.filter(({ name }) => names.includes(name)),
    },
    split:
      taskOfRow === undefined
        ? { ...split, train: split.train.filter(teaches) }
        : {
            train: split.train.filter(isOwn),
            validation: split.validation.filter(isOwn),
            test: split.test.filter(isOwn),
          },
    unseen: unseen.filter((name) => names.includes(name)),
    ...(descriptors && { descriptors: { ...descriptors, vectors: pick(descriptors.vectors, kept, width) } }),
  };
}

/** Rows of a matrix of so many columns. */
function pick(matrix: Float32Array, rows: readonly number[], width: number): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...matrix.subarray(row * width, (row + 1) * width)]));
}
