import { RandomStream } from '../../common/random.ts';
import { warnOfUnusedExperts } from '../../diagnosis/index.ts';
import type { Architecture, Block, BlockOwner, Link } from '../../model/index.ts';
import type { EvaluationPoint, WatchedTable } from '../../optimization/index.ts';
import type { RunResult } from '../result.ts';

type Kind = Link['kind'];

/** Blocks and links as they come to mind. */
class Pen {
  readonly blocks: Block[] = [];
  readonly links: Link[] = [];

  block(id: string, label: string, level: number, owner: BlockOwner, detail?: string): void {
    this.blocks.push({ id, label, level, owner, ...(detail !== undefined && { detail }) });
  }

  link(from: string, to: string, kind: Kind = 'flow'): void {
    this.links.push({ from, to, kind });
  }
}

const none: BlockOwner = { kind: 'none' };
const shared: BlockOwner = { kind: 'shared' };
const expert = (name: string): BlockOwner => ({ kind: 'expert', expert: name });
const own = (task: string): BlockOwner => ({ kind: 'task', task });

/** Softmaxes that wander from even to decided; `dead` columns lose everything. */
function uses(rows: number, columns: number, points: number, seeds: number, dead: readonly number[]) {
  const random = new RandomStream(11, 'use');
  const at = (seed: number, time: number): number[][] =>
    Array.from({ length: rows }, (_, r) => {
      const logits = Array.from(
        { length: columns },
        (_, c) => time * (dead.includes(c) ? -6 : 2.2 * random.normal(r * columns + c, seed)),
      );
      const weights = logits.map(Math.exp);
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => weight / total);
    });
  return {
    values: Array.from({ length: seeds }, (_, s) => at(s, 1)),
    history: Array.from({ length: points }, (_, i) => at(0, i / (points - 1))),
  };
}

interface Seen {
  readonly table: Omit<WatchedTable, 'values'>;
  readonly values: WatchedTable['values'];
  readonly history?: readonly (readonly (readonly number[])[])[];
}

/** A result whose joint model shares in another way. */
function sharedAs(result: RunResult, architecture: Architecture, seen: readonly Seen[]): RunResult {
  const watched = seen.map(({ table, values }): WatchedTable => ({ ...table, values }));
  const curve = result.multi.curve.map((point, i): EvaluationPoint => {
    const tables = seen.flatMap(({ table, history }) =>
      history ? [[table.name, history[i]!] as const] : [],
    );
    return tables.length === 0 ? point : { ...point, watched: Object.fromEntries(tables) };
  });
  const { parameters } = architecture;
  return {
    ...result,
    multi: { ...result.multi, sharing: architecture.sharing.name, curve, architecture, watched, parameters },
    warnings: warnOfUnusedExperts(watched, result.seeds),
  };
}

function describe(
  pen: Pen,
  sharing: Architecture['sharing'],
  tasks: readonly string[],
  counts: { shared: number; experts: number; each: number; of?: number },
): Architecture {
  const each = Object.fromEntries(tasks.map((name, t) => [name, counts.each + 8 * t]));
  const experts = Object.fromEntries(
    Array.from({ length: counts.of ?? 0 }, (_, e) => [`expert ${e + 1}`, counts.experts]),
  );
  const sum = (all: object): number => Object.values(all).reduce((a, b) => a + b, 0);
  const parameters = {
    total: counts.shared + sum(experts) + sum(each),
    shared: counts.shared,
    experts,
    tasks: each,
  };
  return {
    sharing,
    tasks: tasks.length,
    sketch: { blocks: pen.blocks, links: pen.links, outputs: {} },
    parameters,
    parts: [{ part: 'trunk', ...parameters, experts: sum(experts), tasks: sum(each) }],
    flops: 62_480,
  };
}

/** Experts that all tasks use, a gate each; one expert is dead. */
export function withMixture(result: RunResult, experts = 4): RunResult {
  const tasks = result.tasks.map(({ task }) => task.name);
  const shown = tasks.slice(0, 8);
  const names = Array.from({ length: experts }, (_, e) => `expert ${e + 1}`);
  const pen = new Pen();
  pen.block('x', 'inputs', 0, none);
  for (const name of names) {
    pen.block(name, name, 1, expert(name), '64 → 32');
    pen.link('x', name);
  }
  shown.forEach((task, t) => {
    pen.block(`gate ${t}`, 'gate', 1, own(task), `softmax over ${experts}`);
    pen.block(`mix ${t}`, 'mixture', 2, none);
    pen.block(`head ${t}`, task, 3, own(task), '1 output');
    pen.link('x', `gate ${t}`);
    pen.link(`gate ${t}`, `mix ${t}`, 'gate');
    for (const name of names) pen.link(name, `mix ${t}`);
    pen.link(`mix ${t}`, `head ${t}`);
  });
  if (tasks.length > shown.length) pen.block('more', `… ${tasks.length - shown.length} more`, 3, none);
  const points = result.multi.curve.length;
  const { values, history } = uses(tasks.length, experts, points, result.seeds.length, [2]);
  const table = { name: 'gate', kind: 'use' as const, rows: tasks, columns: names };
  const sharing = {
    name: 'mixture',
    title: 'Mixture of experts',
    about: 'Experts that all tasks use, and a gate of each task that mixes them.',
    options: { experts, hidden: [64, 32], dropout: 0 },
  };
  const counts = { shared: 0, experts: 6112, of: experts, each: 310 };
  return sharedAs(result, describe(pen, sharing, tasks, counts), [
    { table, values, ...(tasks.length < 50 && { history }) },
  ]);
}

/** Shared experts and experts of each task, as in a customised gate. */
export function withOwnExperts(result: RunResult): RunResult {
  const tasks = result.tasks.map(({ task }) => task.name);
  const common = ['shared 1', 'shared 2'];
  const pen = new Pen();
  pen.block('x', 'inputs', 0, none);
  for (const name of common) {
    pen.block(name, name, 1, expert(name), '64 → 32');
    pen.link('x', name);
  }
  tasks.forEach((task, t) => {
    pen.block(`own ${t}`, `${task} 1`, 1, own(task), '64 → 32');
    pen.block(`gate ${t}`, 'gate', 2, own(task));
    pen.block(`mix ${t}`, 'mixture', 3, none);
    pen.block(`head ${t}`, task, 4, own(task), '32 → 1');
    pen.link('x', `own ${t}`);
    pen.link('x', `gate ${t}`);
    pen.link(`gate ${t}`, `mix ${t}`, 'gate');
    for (const name of [...common, `own ${t}`]) pen.link(name, `mix ${t}`);
    pen.link(`mix ${t}`, `head ${t}`);
  });
  const columns = [...common, 'own 1'];
  const { values, history } = uses(tasks.length, 3, result.multi.curve.length, result.seeds.length, []);
  const sharing = {
    name: 'customised',
    title: 'Customised gate control',
    about: 'Experts of all tasks beside experts of each, mixed by each task’s gate.',
    options: { shared: 2, own: 1 },
  };
  return sharedAs(result, describe(pen, sharing, tasks, { shared: 900, experts: 5210, of: 2, each: 4100 }), [
    { table: { name: 'level 1/gate', kind: 'use', rows: tasks, columns }, values, history },
  ]);
}

/** Networks that are mixed after each layer, and pulled together; two kinds of matrices. */
export function withStitches(result: RunResult): RunResult {
  const tasks = result.tasks.map(({ task }) => task.name);
  const pen = new Pen();
  pen.block('x', 'inputs', 0, none);
  tasks.forEach((task, t) => {
    for (const layer of [1, 2]) {
      pen.block(`${layer}/${t}`, `layer ${layer}`, 2 * layer - 1, own(task), layer === 1 ? '128' : '64');
      pen.link(layer === 1 ? 'x' : 'unit 1', `${layer}/${t}`);
      pen.link(`${layer}/${t}`, `unit ${layer}`);
      if (t > 0) pen.link(`${layer}/${t - 1}`, `${layer}/${t}`, 'pull');
    }
    pen.block(`head ${t}`, task, 5, own(task), '1 output');
    pen.link('unit 2', `head ${t}`);
  });
  for (const layer of [1, 2])
    pen.block(`unit ${layer}`, 'cross-stitch', 2 * layer, shared, `${tasks.length} × ${tasks.length}`);
  const random = new RandomStream(3, 'stitch');
  const matrix = (name: string, diagonal: number, scale: number): Seen => ({
    table: { name, kind: 'matrix', rows: tasks, columns: tasks },
    values: result.seeds.map((seed) =>
      tasks.map((_, r) =>
        tasks.map((_, c) => (r === c ? diagonal : 0) + scale * random.normal(r * 31 + c, seed)),
      ),
    ),
  });
  const sharing = {
    name: 'stitched',
    title: 'Cross-stitch networks',
    about: 'A network each, whose layers are mixed by a learned matrix.',
    options: { self: 0.9 },
  };
  const counts = { shared: 18, experts: 0, each: 9900 };
  return sharedAs(result, describe(pen, sharing, tasks, counts), [
    matrix('stitch 1', 0.9, 0.08),
    matrix('task covariance', 0, 0.00041),
  ]);
}
