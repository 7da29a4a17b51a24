import type { Block } from '../../../model/index.ts';

/** Pixels between two items of a column. */
const SPACE = 12;

/** A block, or where a link passes a level on its way. */
export interface Item {
  readonly block?: Block;
  readonly column: number;
  readonly height: number;
  /** Neighbours in columns before and after. */
  readonly near: readonly [Item[], Item[]];
  centre: number;
}

/** Sorts each column by the mean place of its neighbours on one side; what has none keeps its place. */
export function orderColumns(columns: Item[][], side: 0 | 1): void {
  const places = new Map<Item, number>();
  for (const column of side === 0 ? columns : columns.toReversed()) {
    const wanted = column.map((item, i) => {
      const near = item.near[side].map((other) => places.get(other)!);
      return near.length === 0 ? (i + 0.5) / column.length : mean(near);
    });
    const order = column
      .map((item, i) => ({ item, at: Math.round(wanted[i]! * 1e6) }))
      .sort((a, b) => a.at - b.at);
    column.splice(0, column.length, ...order.map(({ item }) => item));
    column.forEach((item, i) => {
      places.set(item, (i + 0.5) / column.length);
    });
  }
}

/** Where an item would stand best: halfway between its neighbours; anywhere if it has none. */
export function meanCentre({ near }: Item): number | undefined {
  const all = near.flat();
  return all.length === 0 ? undefined : mean(all.map(({ centre }) => centre));
}

/**
 * Centres closest to the wanted ones (least squares) that keep order and distance: isotonic regression of the wanted
 * centres less the room before each, by pooling adjacent violators.
 */
export function place(column: readonly Item[], wanted: (item: Item) => number | undefined): void {
  const before: number[] = [];
  column.forEach((item, i) => {
    const last = column[i - 1];
    before.push(last === undefined ? 0 : before[i - 1]! + (last.height + item.height) / 2 + SPACE);
  });
  const pools: { sum: number; count: number }[] = [];
  for (const [i, item] of column.entries()) {
    const centre = wanted(item);
    const last = pools.at(-1);
    // What may stand anywhere stands right below what is above it.
    const start = centre === undefined ? (last ? last.sum / last.count : 0) : centre - before[i]!;
    let pool = { sum: start, count: 1 };
    while (pools.length > 0 && pools.at(-1)!.sum / pools.at(-1)!.count > pool.sum / pool.count) {
      const above = pools.pop()!;
      pool = { sum: above.sum + pool.sum, count: above.count + pool.count };
    }
    pools.push(pool);
  }
  const starts = pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  column.forEach((item, i) => {
    item.centre = starts[i]! + before[i]!;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
