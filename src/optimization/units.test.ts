import { expect, test } from 'vitest';
import { countParameters } from '../model/index.ts';
import { layoutOf, longSample, modelOf, setupOf, wideSample } from './fixture.test-support.ts';
import { unitRanges } from './units.ts';

const wide = wideSample([
  { name: 'size', kind: 'regression' },
  { name: 'sold', kind: 'binary' },
  { name: 'price', kind: 'regression' },
]);
const SEEDS = 2;

test.each([
  ['wide', wide],
  ['long', longSample(['north', 'south'])],
])('task units of independent networks hold every element once, and what the task owns: %s', (_, sample) => {
  const { layout, parameters } = layoutOf(
    setupOf(sample, modelOf('independent', { tower: [3] }), { seeds: [0, 1] }),
  );
  const tasks = sample.dataset.tasks.map(({ name }) => name);
  const units = unitRanges('task', layout, parameters, tasks, SEEDS);
  expect(units).toHaveLength(SEEDS * tasks.length);
  const elements = units.map((ranges) =>
    ranges.flatMap(({ start, end, to }) => {
      expect(to).toBe(start);
      return Array.from({ length: end - start }, (_, i) => start + i);
    }),
  );
  expect(elements.flat().sort((a, b) => a - b)).toEqual(
    Array.from({ length: SEEDS * layout.size }, (_, i) => i),
  );
  const counts = countParameters(parameters);
  units.forEach((_, u) => {
    expect(elements[u]!.length).toBe(counts.tasks[tasks[u % tasks.length]!]);
    expect(elements[u]!.every((i) => Math.floor(i / layout.size) === Math.floor(u / tasks.length))).toBe(
      true,
    );
  });
});

test('a replica is one unit; copies keep a whole replica for each task', () => {
  const { layout, parameters } = layoutOf(setupOf(wide, modelOf('shared-bottom'), { seeds: [0, 1] }));
  const n = layout.size;
  expect(unitRanges('replica', layout, parameters, ['a', 'b'], SEEDS)).toEqual([
    [{ start: 0, end: n, to: 0 }],
    [{ start: n, end: 2 * n, to: n }],
  ]);
  expect(unitRanges('copy', layout, parameters, ['a', 'b'], SEEDS)).toEqual([
    [{ start: 0, end: n, to: 0 }],
    [{ start: 0, end: n, to: n }],
    [{ start: n, end: 2 * n, to: 2 * n }],
    [{ start: n, end: 2 * n, to: 3 * n }],
  ]);
});
