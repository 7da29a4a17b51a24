import {
  concat,
  constant,
  expand,
  gather,
  rank,
  slice,
  squeeze,
  type Tensor,
  unsqueeze,
} from '../../engine/index.ts';
import type { Family, Logits } from '../heads.ts';

/** Values of one task, [..., batch, width], from those by family, [..., batch, tasks, width]. */
export function readTask(values: Logits, families: readonly Family[], task: string): Tensor {
  const { family, at } = placeOf(families, task);
  return squeeze(slice(values.get(family.key)!, -2, at, at + 1), -2);
}

/** The values with those of some tasks, [..., batch, width], in their place. */
export function writeTasks(
  values: Logits,
  families: readonly Family[],
  written: ReadonlyMap<string, Tensor>,
): Logits {
  return new Map(
    families.map((family) => {
      const own = values.get(family.key)!;
      const here = family.heads.filter(({ name }) => written.has(name));
      if (here.length === 0) return [family.key, own];
      const all = concat([own, ...here.map(({ name }) => unsqueeze(written.get(name)!, -2))], -2);
      const order = family.heads.map((head, i) => {
        const at = here.indexOf(head);
        return at < 0 ? i : family.heads.length + at;
      });
      return [family.key, pick(all, order, -2)];
    }),
  );
}

/** Slices of an axis in a given order. */
export function pick(x: Tensor, order: readonly number[], axis: number): Tensor {
  const same = order.length === x.shape.at(axis) && order.every((from, to) => from === to);
  if (same) return x;
  return gather(x, constant(order, { shape: [order.length], dtype: 'int32' }), axis);
}

/** Values in own form side by side on the axis of tasks; features alone have no axis of replicas yet. */
export function joinTasks(values: readonly Tensor[]): Tensor {
  const widest = values.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const lead = widest.shape.slice(0, -3);
  return concat(
    values.map((value) => expand(value, [...lead, ...value.shape.slice(-3)])),
    -3,
  );
}

function placeOf(families: readonly Family[], task: string): { family: Family; at: number } {
  for (const family of families) {
    const at = family.heads.findIndex(({ name }) => name === task);
    if (at >= 0) return { family, at };
  }
  throw new RangeError(`no task ${task}`);
}
