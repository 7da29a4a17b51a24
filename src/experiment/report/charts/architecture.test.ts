import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PolytaskError } from '../../../common/error.ts';
import { describeModel, SHARINGS, type Sketch } from '../../../model/index.ts';
import { architecture, drawingKey } from './architecture.ts';
import { type Layout, layoutSketch } from './layout.ts';
import { fitText, textWidth } from './text-width.ts';

const MLP = { hidden: [8, 4], activation: 'relu', dropout: 0, norm: 'none' } as const;

/** Nothing where the sharing refuses so few tasks. */
function sketchOf(sharing: string, tasks: number): Sketch | undefined {
  const heads = Array.from({ length: tasks }, (_, t) => ({
    name: `task ${t}`,
    family: 'binary',
    width: 1,
    initialBias: [0],
  }));
  try {
    return describeModel(
      { sharing, encoder: MLP, tower: { ...MLP, hidden: [] }, embedding: 2, textEmbedding: 2 },
      { features: { numeric: 3, categorical: [], text: [] }, heads, long: false },
    ).sketch;
  } catch (error) {
    if ((error as PolytaskError).code === 'sharing-invalid') return undefined;
    throw error;
  }
}

const sketches: fc.Arbitrary<Sketch> = fc
  .array(
    fc.record({
      label: fc.string({ unit: 'grapheme', maxLength: 40 }),
      detail: fc.option(fc.string({ maxLength: 30 }), { nil: undefined }),
      level: fc.integer({ min: 0, max: 6 }),
      owner: fc.constantFrom(
        { kind: 'none' } as const,
        { kind: 'shared' } as const,
        { kind: 'expert', expert: 'e' } as const,
        { kind: 'task', task: 't' } as const,
      ),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .chain((drawn) => {
    const blocks = drawn.map(({ detail, ...block }, i) => ({
      ...block,
      id: `b${i}`,
      ...(detail && { detail }),
    }));
    const end = fc.constantFrom(...blocks.map(({ id }) => id));
    const kind = fc.constantFrom('flow' as const, 'gate' as const, 'pull' as const);
    return fc
      .array(fc.record({ from: end, to: end, kind }), { maxLength: 60 })
      .map((links): Sketch => ({ blocks, links, outputs: {} }));
  });

/** Every box in the drawing, none on another, and no line that ends inside of one or passes over it in its lane. */
function expectTidy(sketch: Sketch, { width, height, boxes, routes }: Layout): void {
  expect(boxes).toHaveLength(sketch.blocks.length);
  for (const [i, a] of boxes.entries()) {
    expect(a.x >= 0 && a.y >= -1e-6 && a.x + a.width <= width && a.y + a.height <= height + 1e-6).toBe(true);
    for (const b of boxes.slice(i + 1)) {
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      expect(apart, `${a.block.id} and ${b.block.id}`).toBe(true);
    }
  }
  for (const { points } of routes)
    for (const [x, y] of points) {
      expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
      for (const box of boxes)
        expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).toBe(false);
    }
}

test.each(Object.keys(SHARINGS))('%s is drawn tidily for 1 to 12 tasks', (name) => {
  for (let tasks = 1; tasks <= 12; tasks++) {
    const sketch = sketchOf(name, tasks);
    if (sketch !== undefined) expectTidy(sketch, layoutSketch(sketch));
  }
});

test('any sketch is drawn tidily, and its links run from level to level', () => {
  fc.assert(
    fc.property(sketches, (sketch) => {
      const layout = layoutSketch(sketch);
      expectTidy(sketch, layout);
      expect(layout.routes).toHaveLength(sketch.links.filter(({ from, to }) => from !== to).length);
      const columns = [...new Set(layout.boxes.map(({ x }) => x))];
      for (const { link, points } of layout.routes) {
        const [from, to] = [link.from, link.to].map(
          (id) => layout.boxes.find(({ block }) => block.id === id)!,
        );
        const [[x0, y0], [x1, y1]] = [points[0]!, points.at(-1)!];
        expect([from!.x, from!.x + from!.width]).toContain(x0);
        // A lane of its own through every level between.
        const between = columns.filter((x) => x > Math.min(from!.x, to!.x) && x < Math.max(from!.x, to!.x));
        expect(points).toHaveLength(2 + 2 * between.length);
        const along = points.map(([x]) => (x1 < x0 ? -x : x));
        if (from!.x !== to!.x) expect(along).toEqual(along.toSorted((a, b) => a - b));
        expect([to!.x, to!.x + to!.width]).toContain(x1);
        expect(y0).toBeCloseTo(from!.y + from!.height / 2, 6);
        expect(y1).toBeCloseTo(to!.y + to!.height / 2, 6);
      }
      expect(architecture({ title: 't', sketch, hues: new Map() }).text).not.toMatch(
        /NaN|undefined|Infinity/,
      );
    }),
    { numRuns: 60 },
  );
});

test('rows follow their neighbours: straight lines stay straight, and nothing crosses that need not', () => {
  const block = (id: string, level: number) => ({ id, label: id, level, owner: { kind: 'none' } as const });
  const layout = layoutSketch({
    blocks: [block('a', 0), block('b', 0), block('y', 1), block('x', 1), block('end', 2)],
    links: [
      { from: 'a', to: 'x', kind: 'flow' },
      { from: 'b', to: 'y', kind: 'flow' },
      { from: 'x', to: 'end', kind: 'flow' },
      { from: 'y', to: 'end', kind: 'flow' },
    ],
    outputs: {},
  });
  const y = Object.fromEntries(layout.boxes.map((box) => [box.block.id, box.y]));
  expect([y.a, y.b]).toEqual([y.x, y.y]);
  expect(y.end).toBeCloseTo((y.a! + y.b!) / 2, 6);
});

test('a drawing says in words what it shows, in the colours of its tasks', () => {
  const sketch = sketchOf('shared-bottom', 2)!;
  const { text } = architecture({ title: 'Shared', sketch, hues: new Map([['task 1', 40]]) });
  expect(text).toMatch(/^<svg class="architecture"[^>]*><title>Shared<\/title><desc>/);
  expect(text).toContain(
    '<desc>inputs. Then: shared trunk (8 → 4, shared by all tasks). Then: task 0 (1 output, of one task); task 1 (1 output, of one task)</desc>',
  );
  expect(text).toContain('<g class="block task" style="--h:40"><title>task 1, 1 output</title>');
  expect(drawingKey(sketch).text).toBe(
    '<span class="owner task">a task’s own</span> <span class="owner shared">shared</span> ',
  );
});

test('a line of each kind has its key where there are several', () => {
  const sketch: Sketch = {
    blocks: [],
    links: [
      { from: 'a', to: 'b', kind: 'pull' },
      { from: 'a', to: 'b', kind: 'flow' },
    ],
    outputs: {},
  };
  expect(drawingKey(sketch).text).toBe(
    '<span class="key flow">flows</span> <span class="key pull">pulls</span> ',
  );
});

test('labels are cut to their boxes, whatever is written', () => {
  expect(fitText('short', 100, 13)).toBe('short');
  expect(fitText('a rather long name of a task', 100, 13)).toBe('a rather lon…');
  expect(fitText('日本語のとても長い名前', 60, 13)).toBe('日本語…');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      expect(textWidth(fitText(text, 80, 13), 13)).toBeLessThanOrEqual(80);
    }),
  );
});
