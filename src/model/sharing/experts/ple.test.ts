import { describe, expect, test } from 'vitest';
import { countParameters } from '../../parameter.ts';
import { chooseSharing } from '../registry.ts';
import { run, subject } from './experts.test-support.ts';

/** Weights, biases and norms of a layer. */
const layer = (from: number, to: number): number => from * to + 3 * to;
/** Three numbers, and a category of two. */
const INPUTS = 5;
const TABLE = 3 * 2;

describe.each([
  { levels: 1, shared: 2, own: 1 },
  { levels: 2, shared: 1, own: 2 },
  { levels: 3, shared: 3, own: 2 },
])('PLE with $levels levels of $shared shared and $own own experts', ({ levels, shared, own }) => {
  const tasks = 3;
  const hidden = [7, 4];
  const sharing = `ple:levels=${levels},shared=${shared},own=${own},hidden=${hidden.join('+')}`;
  const { set, model } = subject(sharing, { tasks, tower: [] });
  const widths = Array.from({ length: levels }, (_, j) => (j === 0 ? INPUTS : 4));
  const total = (of: (width: number, level: number) => number): number =>
    widths.reduce((sum, width, j) => sum + of(width, j + 1), 0);

  test('has as many parameters as the paper says, a gate over all experts at every level but the last', () => {
    const expert = (width: number): number => layer(width, 7) + layer(7, 4);
    const sharedGate = (width: number, level: number): number =>
      level < levels ? (width + 1) * (shared + tasks * own) : 0;
    const taskGate = (width: number): number => (width + 1) * (shared + own);
    const head = 4 + 1;
    const count = countParameters(set.parameters);
    expect(count.shared).toBe(TABLE + total(sharedGate));
    expect(Object.values(count.tasks)).toEqual(
      new Array(tasks).fill(total((width) => own * expert(width) + taskGate(width)) + head),
    );
    expect(Object.keys(count.experts).length).toBe(levels * shared);
    expect(Object.values(count.experts).reduce((a, b) => a + b, 0)).toBe(shared * total(expert));
  });

  test('shows every gate with the experts that it mixes', () => {
    const at = (part: string, level: number): string => (levels === 1 ? part : `${part} ${level}`);
    const names = Array.from({ length: levels }, (_, j) => [
      at('gate', j + 1),
      ...(j + 1 < levels ? [at('shared gate', j + 1)] : []),
    ]);
    expect(model.probes.map(({ name }) => name)).toEqual(names.flat());
    for (const { name, rows, columns } of model.probes) {
      const common = Array.from({ length: shared }, (_, i) => `shared ${i}`);
      const each = (who: string): string[] => Array.from({ length: own }, (_, i) => `${who} ${i}`);
      const all = name.startsWith('shared');
      expect(rows).toEqual(all ? ['all tasks'] : ['task 0', 'task 1', 'task 2']);
      expect(columns).toEqual([
        ...common,
        ...(all ? ['task 0', 'task 1', 'task 2'].flatMap(each) : each('own')),
      ]);
    }
  });
});

test.each(['mmoe', 'ple', 'ple:gate=top-k', 'mmoe:gate=dselect-k,experts=4'])(
  '%s: recorded use sums to the number of rows',
  async (sharing) => {
    for (const layout of ['wide', 'rows'] as const) {
      const own = subject(sharing, { layout });
      const found = await run(
        own,
        Object.fromEntries(own.model.probes.map(({ name, value }) => [name, value])),
      );
      for (const { name, rows, columns } of own.model.probes) {
        const values = found[name]!;
        expect(values.length).toBe(rows.length * (columns.length + 1));
        rows.forEach((_, r) => {
          const row = values.slice(r * (columns.length + 1), (r + 1) * (columns.length + 1));
          const count = row.pop()!;
          expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(count, 4);
          expect(count).toBe(layout === 'wide' || rows.length === 1 ? 4 : 2);
        });
      }
    }
  },
);

test.each([
  ['mmoe:bottom=3', 'bottom'],
  ['mmoe:bottom=2', 'hidden'],
  ['cgc:hidden=none', 'hidden'],
  ['mmoe:experts=1,gate=top-k', 'top'],
  ['ple:shared=1,own=1,gate=dselect-k,top=3', 'top'],
])('%s is refused', (sharing, option) => {
  expect(() => subject(sharing)).toThrow(
    expect.objectContaining({ code: 'sharing-invalid', path: `model.sharing.${option}` }),
  );
});

test('widths: as many together as the trunk has, or as told', () => {
  const shapeOf = (sharing: string, name: string, hidden: readonly number[]): readonly number[] =>
    subject(sharing, { hidden }).set.parameters.find((parameter) => parameter.name === name)!.shape;
  expect(shapeOf('mmoe:experts=4', 'trunk/experts/0/weight', [64, 32])).toEqual([4, 5, 32]);
  expect(shapeOf('mmoe:experts=4', 'trunk/experts/1/weight', [64, 32])).toEqual([4, 32, 16]);
  expect(shapeOf('mmoe:experts=4', 'trunk/experts/0/weight', [10])).toEqual([4, 5, 8]);
  expect(shapeOf('mmoe:experts=4', 'trunk/experts/0/weight', [6])).toEqual([4, 5, 6]);
  expect(shapeOf('mmoe:hidden=3', 'trunk/experts/0/weight', [64, 32])).toEqual([8, 5, 3]);
  // Two levels of 2 + 2 · 2 experts: 12.
  expect(shapeOf('ple', 'trunk/2/own-experts/0/weight', [90])).toEqual([2, 2, 26, 26]);
});

test.each(['omoe', 'mmoe:bottom=1', 'cgc:shared=0', 'ple:levels=3'])('%s can be drawn', (text) => {
  const { sharing, options } = chooseSharing(text);
  const tasks = ['a', 'b', 'c'];
  const { blocks, links, outputs } = sharing.sketch({ tasks, widths: [8, 4] }, options);
  const levels = new Map(blocks.map(({ id, level }) => [id, level]));
  expect(levels.size).toBe(blocks.length);
  for (const { from, to } of links) expect(levels.get(from)!).toBeLessThan(levels.get(to)!);
  expect(Object.keys(outputs)).toEqual(tasks);
  for (const id of Object.values(outputs)) expect(levels.has(id)).toBe(true);
  for (const { id } of blocks.filter((block) => block.level > 0))
    expect(
      links.some(({ to }) => to === id),
      id,
    ).toBe(true);
});

test('a level of PLE stands on the mixtures below', () => {
  const { sharing, options } = chooseSharing('ple:shared=1,own=1');
  const { links, outputs } = sharing.sketch({ tasks: ['a', 'b'], widths: [8] }, options);
  const into = (id: string, kind: string): string[] =>
    links.filter(({ to, kind: own }) => to === id && own === kind).map(({ from }) => from);
  expect(into('2 of a 0', 'flow')).toEqual(['1 mixture of a']);
  expect(into('2 shared 0', 'flow')).toEqual(['1 mixture shared']);
  expect(into('1 mixture shared', 'flow')).toEqual(['1 shared 0', '1 of a 0', '1 of b 0']);
  expect(into(outputs.b!, 'flow')).toEqual(['2 shared 0', '2 of b 0']);
  expect(into(outputs.b!, 'gate')).toEqual(['1 mixture of b']);
});

test.each(['omoe', 'mmoe', 'cgc', 'ple:levels=3'])(
  '%s: z may enter at the inputs or between layers',
  async (sharing) => {
    for (const layout of ['wide', 'rows'] as const)
      for (const conditioning of ['concat', 'film:at=0']) {
        const own = subject(sharing, { layout, conditioning });
        const { logits } = await run(own, { logits: own.logits });
        expect(logits!.every(Number.isFinite), `${layout}, ${conditioning}`).toBe(true);
        expect(logits!.length).toBe(layout === 'wide' ? 8 : 4);
      }
  },
);
