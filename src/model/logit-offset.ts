import { add, constant, matmul, mul, oneHot, reduceSum, type Tensor, unsqueeze } from '../engine/index.ts';
import type { HeadContext, Logits } from './heads.ts';
import type { LogitOffset } from './sharing/sharing.ts';

/** Logits with a term added to those of some tasks, which have one logit each. */
export function addOffset(
  logits: Logits,
  { tasks, value }: LogitOffset,
  { axis, families, task }: Pick<HeadContext, 'axis' | 'families' | 'task'>,
): Logits {
  if (axis.layout === 'rows') {
    const own = mul(value, matmul(oneHot(task!, axis.tasks.length), selection(axis.tasks, tasks)));
    return new Map(
      [...logits].map(([key, tensor]) => [key, add(tensor, reduceSum(own, -1, { keepDims: true }))]),
    );
  }
  return new Map(
    families.map(({ key, heads }) => {
      const names = heads.map(({ name }) => name);
      const own = logits.get(key)!;
      if (!names.some((name) => tasks.includes(name))) return [key, own];
      return [key, add(own, unsqueeze(matmul(value, selection(tasks, names)), -1))];
    }),
  );
}

/** 1 where a task of the rows is a task of the columns. */
function selection(rows: readonly string[], columns: readonly string[]): Tensor {
  const cells = rows.flatMap((row) => columns.map((column) => Number(row === column)));
  return constant(cells, { shape: [rows.length, columns.length] });
}
