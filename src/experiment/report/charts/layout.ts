import type { Block, Link, Sketch } from '../../../model/index.ts';
import { type Item, meanCentre, orderColumns, place } from './columns.ts';
import { textWidth } from './text-width.ts';

/** A box in its place, in pixels; x and y are its left upper corner. */
export interface Box {
  readonly block: Block;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A link as the points it runs through, from box to box; links within a level start and end on its right side. */
export interface Route {
  readonly link: Link;
  readonly points: readonly (readonly [number, number])[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
}

export const LABEL = 13;
export const DETAIL = 11;
export const PADDING = 10;
const HEIGHT = 40;
const LANE = 8;
const GAP = 46;
const NARROWEST = 72;
const WIDEST = 148;
const SWEEPS = 6;

/**
 * Places a sketch: a column a level, inputs on the left; rows ordered by the barycentre of their neighbours (K. Sugiyama
 * et al.: Methods for visual understanding of hierarchical system structures. IEEE SMC 11, 1981) and set as close to
 * these as boxes let them. Links that pass a level have a lane of their own there, so that nothing lies on a box.
 */
export function layoutSketch({ blocks, links }: Sketch): Layout {
  const levels = [...new Set(blocks.map(({ level }) => level))].sort((a, b) => a - b);
  const columns: Item[][] = levels.map(() => []);
  const items = new Map<string, Item>();
  const add = (column: number, height: number, block?: Block): Item => {
    const item: Item = { column, height, near: [[], []], centre: 0, ...(block && { block }) };
    columns[column]!.push(item);
    return item;
  };
  for (const block of blocks) items.set(block.id, add(levels.indexOf(block.level), HEIGHT, block));
  const lanes = new Map<string, Item>();
  const ways = links
    .filter(({ from, to }) => from !== to && items.has(from) && items.has(to))
    .map((link) => ({ link, way: wayOf(link, items, lanes, add) }));
  for (let sweep = 0; sweep < SWEEPS; sweep++) orderColumns(columns, sweep % 2 === 0 ? 0 : 1);
  for (const column of columns) place(column, () => 0);
  // The last goes from left to right, so that what follows one block alone stands level with it.
  for (let sweep = 0; sweep <= SWEEPS; sweep++)
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) place(column, meanCentre);
  return drawn(columns, ways);
}

type Way = readonly Item[];

/** The items that a link runs through; links of one kind from one block run together as far as they can. */
function wayOf(
  { from, to, kind }: Link,
  items: ReadonlyMap<string, Item>,
  lanes: Map<string, Item>,
  add: (column: number, height: number) => Item,
): Way {
  const ends = [items.get(from)!, items.get(to)!];
  const [first, last] = ends.toSorted((a, b) => a.column - b.column) as [Item, Item];
  const way = [first];
  for (let column = first.column + 1; column < last.column; column++) {
    const key = JSON.stringify([first.block!.id, kind, column]);
    const lane = lanes.get(key) ?? add(column, LANE);
    lanes.set(key, lane);
    way.push(lane);
  }
  way.push(last);
  for (let i = 1; i < way.length && first.column !== last.column; i++) {
    way[i - 1]!.near[1].push(way[i]!);
    way[i]!.near[0].push(way[i - 1]!);
  }
  return ends[0] === first ? way : way.toReversed();
}

function drawn(columns: readonly Item[][], ways: readonly { link: Link; way: Way }[]): Layout {
  const all = columns.flat();
  const top = Math.min(0, ...all.map(({ centre, height }) => centre - height / 2));
  const widths = columns.map(columnWidth);
  const lefts = widths.map((_, c) => widths.slice(0, c).reduce((sum, width) => sum + width + GAP, 0));
  const left = ({ column }: Item): number => lefts[column]!;
  const right = (item: Item): number => left(item) + widths[item.column]!;
  const y = ({ centre }: Item): number => centre - top;
  const within = ways.some(
    ({ way }) => way[0]!.column === columns.length - 1 && way.at(-1)!.column === columns.length - 1,
  );
  return {
    width: (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + (within ? GAP : 0),
    height: Math.max(0, ...all.map((item) => y(item) + item.height / 2)),
    boxes: all.flatMap((item) =>
      item.block === undefined
        ? []
        : [
            {
              block: item.block,
              x: left(item),
              y: y(item) - HEIGHT / 2,
              width: widths[item.column]!,
              height: HEIGHT,
            },
          ],
    ),
    routes: ways.map(({ link, way }) => {
      const [first, last] = [way[0]!, way.at(-1)!];
      const forward = first.column <= last.column;
      const same = first.column === last.column;
      const inner = way.slice(1, -1).flatMap((item): [number, number][] => {
        const sides: [number, number][] = [
          [left(item), y(item)],
          [right(item), y(item)],
        ];
        return forward ? sides : sides.toReversed();
      });
      return {
        link,
        points: [
          [forward ? right(first) : left(first), y(first)],
          ...inner,
          [forward && !same ? left(last) : right(last), y(last)],
        ],
      };
    }),
  };
}

function columnWidth(column: readonly Item[]): number {
  const texts = column.map(({ block }) =>
    block === undefined ? 0 : Math.max(textWidth(block.label, LABEL), textWidth(block.detail ?? '', DETAIL)),
  );
  return Math.ceil(Math.min(WIDEST, Math.max(NARROWEST, ...texts.map((width) => width + 2 * PADDING))));
}
