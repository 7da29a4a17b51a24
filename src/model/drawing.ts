import {
  type Block,
  formatWidths,
  type Link,
  NOBODYS,
  SHARED_BLOCK,
  type Sketch,
  taskBlock,
} from './sketch.ts';

/** At most this many tasks are drawn, and as many experts of a level. */
const MOST = 8;
/** Where a level would hold more boxes than this, fewer tasks are drawn. */
const TALLEST = 16;

/** What stands on a sharing's sketch. */
export interface DrawnHeads {
  /** In the order of the sketch. */
  readonly heads: readonly { readonly name: string; readonly width: number }[];
  /** Hidden sizes of the towers. */
  readonly tower: readonly number[];
  /** Whether all tasks share them. */
  readonly shared: boolean;
}

/**
 * A sharing's sketch with the tower and head of every task on top, cut down to what can be read: of many tasks the
 * first few, with all that leads to them, and a box for the others.
 */
export function drawModel(sketch: Sketch, drawn: DrawnHeads): Sketch {
  const all = drawn.heads.length;
  let shown = Math.min(MOST, all);
  let cut = cutTasks(sketch, drawn, shown);
  while (shown > 2 && tallest(cut.blocks) > TALLEST) cut = cutTasks(sketch, drawn, --shown);
  return cut;
}

function cutTasks(sketch: Sketch, drawn: DrawnHeads, shown: number): Sketch {
  const hidden = drawn.heads.slice(shown).map(({ name }) => name);
  return addHeads(foldExperts(withoutTasks(sketch, new Set(hidden))), sketch, drawn, shown);
}

/** What leads to the other tasks, through nothing that only these hold. */
function withoutTasks(sketch: Sketch, hidden: ReadonlySet<string>): Sketch {
  if (hidden.size === 0) return sketch;
  const { blocks, links, outputs, beside = {} } = sketch;
  const mayStay = new Map(
    blocks
      .filter(({ owner }) => owner.kind !== 'task' || !hidden.has(owner.task))
      .map((block) => [block.id, block]),
  );
  const before = new Map<string, string[]>();
  for (const { from, to, kind } of links) {
    append(before, to, from);
    // A pull goes both ways.
    if (kind === 'pull') append(before, from, to);
  }
  const shownOf = (ends: Sketch['outputs']) => Object.entries(ends).filter(([task]) => !hidden.has(task));
  const kept = { outputs: shownOf(outputs), beside: shownOf(beside) };
  const seen = new Set<string>();
  const open = [...kept.outputs, ...kept.beside].map(([, id]) => id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id) || !mayStay.has(id)) continue;
    seen.add(id);
    open.push(...(before.get(id) ?? []));
  }
  return {
    blocks: blocks.filter(({ id }) => seen.has(id)),
    links: links.filter(({ from, to }) => seen.has(from) && seen.has(to)),
    outputs: Object.fromEntries(kept.outputs),
    beside: Object.fromEntries(kept.beside),
  };
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Of many experts of one level the first few, and one box for the others. */
function foldExperts(sketch: Sketch): Sketch {
  const { blocks, links, outputs } = sketch;
  const folded = new Map<string, string>();
  const more: Block[] = [];
  for (const level of new Set(blocks.map((block) => block.level))) {
    const experts = blocks.filter((block) => block.level === level && block.owner.kind === 'expert');
    if (experts.length <= MOST) continue;
    const rest = experts.slice(MOST - 1);
    const id = `more experts ${level}`;
    more.push({ id, label: `… ${rest.length} more`, owner: rest[0]!.owner, level });
    for (const block of rest) folded.set(block.id, id);
  }
  if (more.length === 0) return sketch;
  const end = (id: string): string => folded.get(id) ?? id;
  const ends = ([task, id]: [string, string]): [string, string] => [task, end(id)];
  return {
    ...sketch,
    blocks: [...blocks.filter(({ id }) => !folded.has(id)), ...more],
    links: distinct(links.map(({ from, to, kind }) => ({ from: end(from), to: end(to), kind }))),
    outputs: Object.fromEntries(Object.entries(outputs).map(ends)),
  };
}

function addHeads(cut: Sketch, whole: Sketch, { heads, tower, shared }: DrawnHeads, shown: number): Sketch {
  const { blocks, links } = cut;
  const level = Math.max(0, ...blocks.map((block) => block.level)) + 1;
  const own = heads.slice(0, shown).map(
    ({ name, width }, t): Block => ({
      id: `head ${t}`,
      label: name,
      detail: detailOf(tower, width),
      owner: shared ? SHARED_BLOCK : taskBlock(name),
      level,
    }),
  );
  const onTop = own.flatMap(({ id, label }) =>
    under(cut, label).map((from): Link => ({ from, to: id, kind: 'flow' })),
  );
  const rest = heads.slice(shown);
  const standing = new Set(blocks.map(({ id }) => id));
  const sources = new Set(rest.flatMap(({ name }) => under(whole, name)).filter((id) => standing.has(id)));
  const more: Block = { id: 'more heads', label: `… ${rest.length} more`, owner: NOBODYS, level };
  return {
    ...cut,
    blocks: [...blocks, ...own, ...(rest.length > 0 ? [more] : [])],
    links: [...links, ...onTop, ...[...sources].map((from): Link => ({ from, to: more.id, kind: 'flow' }))],
  };
}

/** What a task's head stands on. */
function under({ outputs, beside = {} }: Sketch, task: string): string[] {
  return [outputs[task], beside[task]].filter((id) => id !== undefined);
}

function detailOf(tower: readonly number[], width: number): string {
  if (tower.length > 0) return formatWidths([...tower, width]);
  return width === 1 ? '1 output' : `${width} outputs`;
}

function distinct(links: readonly Link[]): Link[] {
  const byEnds = new Map(links.map((link) => [JSON.stringify([link.from, link.to, link.kind]), link]));
  return [...byEnds.values()];
}

function tallest(blocks: readonly Block[]): number {
  const counts = new Map<number, number>();
  for (const { level } of blocks) counts.set(level, (counts.get(level) ?? 0) + 1);
  return Math.max(...counts.values());
}
