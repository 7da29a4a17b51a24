import { expect, test } from 'vitest';
import { input, matmul } from '../engine/index.ts';
import { describeModel } from './describe.ts';
import { drawModel } from './drawing.ts';
import { countFlops } from './flops.ts';
import type { ModelSignature, ModelSpec } from './model.ts';
import { chooseSharing, SHARINGS } from './sharing/registry.ts';
import { expertBlock, NOBODYS, SHARED_BLOCK, type Sketch, taskBlock } from './sketch.ts';

const MLP = { hidden: [8], activation: 'relu', dropout: 0, norm: 'none' } as const;

const spec = (sharing: ModelSpec['sharing'], tower: readonly number[] = []): ModelSpec => ({
  sharing,
  encoder: MLP,
  tower: { ...MLP, hidden: tower },
  embedding: 2,
  textEmbedding: 2,
});

const signature = (tasks: number, more: Partial<ModelSignature> = {}): ModelSignature => ({
  features: { numeric: 4, categorical: [], text: [] },
  heads: Array.from({ length: tasks }, (_, t) => ({
    name: `task ${t}`,
    family: 'binary',
    width: 1,
    initialBias: [0],
  })),
  long: false,
  ...more,
});

test('a shared bottom: who owns what, what it costs', () => {
  const { parameters, parts, flops, tasks, sharing } = describeModel(
    spec('shared-bottom'),
    signature(3, { features: { numeric: 2, categorical: [3], text: [] } }),
  );
  expect(sharing).toMatchObject({ name: 'shared-bottom', options: { split: 'all', heads: 'own' } });
  expect(tasks).toBe(3);
  // A table of 3 × 2, a layer 4 → 8, heads 8 → 1 each.
  expect(parameters).toEqual({
    total: 6 + 40 + 27,
    shared: 46,
    experts: {},
    tasks: { 'task 0': 9, 'task 1': 9, 'task 2': 9 },
  });
  expect(parts).toEqual([
    { part: 'embeddings', total: 6, shared: 6, experts: 0, tasks: 0 },
    { part: 'trunk', total: 40, shared: 40, experts: 0, tasks: 0 },
    { part: 'heads', total: 27, shared: 0, experts: 0, tasks: 27 },
  ]);
  expect(flops).toBe(2 * (4 * 8 + 8 * 3));
});

test('separate networks cost each task its own; a row of a long problem is that of one task', () => {
  expect(describeModel(spec('independent', [5]), signature(3)).flops).toBe(3 * 2 * (4 * 8 + 8 * 5 + 5));
  const long = signature(3, { long: true });
  expect(describeModel(spec('independent'), long).flops).toBe(2 * (4 * 8 + 8));
  const { parts } = describeModel(spec('independent', [5]), signature(3));
  expect(parts.map(({ part, tasks }) => [part, tasks])).toEqual([
    ['trunk', 3 * 40],
    ['towers', 3 * 45],
    ['heads', 3 * 6],
  ]);
});

test('a product of parameters alone is computed once, and counts nothing for a row', () => {
  const x = input('x', ['batch', 4]);
  const [a, b] = [input('a', [4, 3], { role: 'state' }), input('b', [3, 2], { role: 'state' })];
  expect(countFlops([matmul(x, matmul(a, b))])).toBe(2 * 4 * 2);
  expect(countFlops([matmul(matmul(x, a), b)])).toBe(2 * (4 * 3 + 3 * 2));
});

test.each(Object.keys(SHARINGS))('%s: parts and owners add up, and all is plain JSON', (name) => {
  const architecture = describeModel(spec(name, [3]), signature(4));
  const { parameters, parts } = architecture;
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  expect(sum(parts.map(({ total }) => total))).toBe(parameters.total);
  expect(sum(parts.map(({ shared }) => shared))).toBe(parameters.shared);
  expect(sum(parts.map(({ experts }) => experts))).toBe(sum(Object.values(parameters.experts)));
  expect(sum(parts.map(({ tasks }) => tasks))).toBe(sum(Object.values(parameters.tasks)));
  expect(architecture.flops).toBeGreaterThan(0);
  expect(JSON.parse(JSON.stringify(architecture))).toEqual(architecture);
});

test.each(['cgc', 'ple', 'mmoe'])('%s: all layers of experts are one part, whoever owns them', (name) => {
  const { parts } = describeModel(spec(name), signature(2));
  expect(parts.map(({ part }) => part)).toEqual(['experts', 'gates', 'heads']);
  expect(parts[0]!.experts).toBeGreaterThan(0);
  expect(parts[0]!.tasks > 0).toBe(name !== 'mmoe');
});

test('the tower of a ranker leads to the tasks that it biases', () => {
  const { links } = describeModel(spec('youtube:position=rank,tasks=task 1', [3]), signature(12)).sketch;
  const from = links.filter((link) => link.from === 'shallow tower');
  expect(from).toEqual([{ from: 'shallow tower', to: 'head 1', kind: 'flow' }]);
});

const heads = (count: number) =>
  Array.from({ length: count }, (_, t) => ({ name: `task ${t}`, width: t === 0 ? 3 : 1 }));

function sketch(name: string, tasks: number): Sketch {
  const { sharing, options } = chooseSharing(name);
  return sharing.sketch({ tasks: heads(tasks).map((head) => head.name), widths: [8, 4] }, options);
}

test('towers and heads stand on what a sharing leaves to each task', () => {
  const drawn = drawModel(sketch('shared-bottom:split=1', 2), { heads: heads(2), tower: [5], shared: false });
  expect(drawn.blocks.slice(-2)).toEqual([
    { id: 'head 0', label: 'task 0', detail: '5 → 3', owner: taskBlock('task 0'), level: 3 },
    { id: 'head 1', label: 'task 1', detail: '5 → 1', owner: taskBlock('task 1'), level: 3 },
  ]);
  expect(drawn.links.slice(-2)).toEqual([
    { from: 'own 0', to: 'head 0', kind: 'flow' },
    { from: 'own 1', to: 'head 1', kind: 'flow' },
  ]);
  const shared = drawModel(sketch('shared-bottom', 2), { heads: heads(2), tower: [], shared: true });
  expect(shared.blocks.at(-1)).toMatchObject({ detail: '1 output', owner: SHARED_BLOCK });
});

test('whether heads are shared is seen from their parameters', () => {
  const owners = (sharing: string) =>
    describeModel(spec(sharing), signature(2)).sketch.blocks.map(({ owner }) => owner.kind);
  expect(owners('shared-bottom')).toEqual(['none', 'shared', 'task', 'task']);
  expect(owners('shared-bottom:heads=shared')).toEqual(['none', 'shared', 'shared', 'shared']);
});

test('of many tasks eight are drawn with what leads to them, the others as one box', () => {
  const together = drawModel(sketch('shared-bottom', 139), { heads: heads(139), tower: [], shared: false });
  expect(together.blocks).toHaveLength(2 + 8 + 1);
  expect(together.blocks.at(-1)).toMatchObject({ label: '… 131 more', owner: NOBODYS });
  expect(together.links.at(-1)).toEqual({ from: 'trunk', to: 'more heads', kind: 'flow' });
  const apart = drawModel(sketch('independent', 139), { heads: heads(139), tower: [], shared: false });
  expect(apart.blocks.filter(({ label }) => label === 'trunk')).toHaveLength(8);
  expect(apart.links.some(({ to }) => to === 'more heads')).toBe(false);
  expect(Object.keys(apart.outputs)).toHaveLength(8);
});

const many = (tasks: number, each: number): Sketch => ({
  blocks: heads(tasks).flatMap(({ name }, t) =>
    Array.from({ length: each }, (_, i) => ({
      id: `${t}/${i}`,
      label: 'x',
      owner: taskBlock(name),
      level: 1,
    })),
  ),
  links: [
    ...heads(tasks).flatMap((_, t) =>
      Array.from({ length: each - 1 }, (_, i) => ({
        from: `${t}/0`,
        to: `${t}/${i + 1}`,
        kind: 'pull' as const,
      })),
    ),
    { from: '0/0', to: `${tasks - 1}/0`, kind: 'pull' },
  ],
  outputs: Object.fromEntries(heads(tasks).map(({ name }, t) => [name, `${t}/0`])),
});

test('where a level would be too tall, fewer tasks are drawn; pulls count both ways', () => {
  const drawn = drawModel(many(12, 5), { heads: heads(12), tower: [], shared: false });
  expect(Object.keys(drawn.outputs)).toEqual(['task 0', 'task 1', 'task 2']);
  expect(drawn.blocks).toHaveLength(3 * 5 + 3 + 1);
  expect(drawn.links.filter(({ kind }) => kind === 'pull')).toHaveLength(3 * 4);
});

test('of many experts seven are drawn and one box for the others, with their links joined', () => {
  const experts = Array.from({ length: 20 }, (_, e) => ({
    id: `e${e}`,
    label: `expert ${e}`,
    owner: expertBlock(`${e}`),
    level: 1,
  }));
  const base: Sketch = {
    blocks: [{ id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 }, ...experts],
    links: experts.map(({ id }) => ({ from: 'inputs', to: id, kind: 'flow' as const })),
    outputs: { 'task 0': 'e0', 'task 1': 'e19' },
  };
  const drawn = drawModel(base, { heads: heads(2), tower: [], shared: false });
  expect(drawn.blocks.filter(({ owner }) => owner.kind === 'expert').map(({ label }) => label)).toEqual([
    ...Array.from({ length: 7 }, (_, e) => `expert ${e}`),
    '… 13 more',
  ]);
  expect(drawn.links.filter(({ from }) => from === 'inputs')).toHaveLength(8);
  expect(drawn.links.at(-1)).toEqual({ from: 'more experts 1', to: 'head 1', kind: 'flow' });
});
