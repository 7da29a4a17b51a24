import { describe, expect, test } from 'vitest';
import { topological } from '../../engine/graph.ts';
import { gradient } from '../../engine/index.ts';
import {
  expectClose,
  feedsOf,
  lossOf,
  movedValues,
  numbersOf,
  ROWS,
  represent,
  TASK_OF_ROW,
} from './represent.test-support.ts';

describe.each([
  'cross-stitch',
  'cross-stitch:units=channel,embeddings=own',
  'sluice',
  'mtan',
  'branching',
  'branching:blocks=1',
  'branching:blocks=3',
  'task-queries:width=8,heads=2',
])('%s', (spec) => {
  test('rows of one task each are represented as that task would represent them among wide rows', async () => {
    const setting = { embedded: true, hidden: [3, 5], seeds: [0, 1] };
    const [wide, rows] = [represent(spec, setting), represent(spec, { ...setting, layout: 'rows' })];
    const values = movedValues(wide);
    const { value: all } = await numbersOf({ value: wide.value }, feedsOf(wide, values));
    const { value: own } = await numbersOf({ value: rows.value }, feedsOf(rows, values));
    const width = rows.value.shape.at(-1) as number;
    expect(rows.value.shape).toEqual([2, ROWS, 1, width]);
    expect(wide.value.shape).toEqual([2, 2, ROWS, width]);
    const expected = [0, 1].flatMap((s) =>
      TASK_OF_ROW.flatMap((t, row) => {
        const at = ((s * 2 + t) * ROWS + row) * width;
        return all!.slice(at, at + width);
      }),
    );
    expectClose(own!, expected);
  });

  test.each(['wide', 'rows'] as const)('seeds side by side are what each is alone: %s', async (layout) => {
    const setting = { layout, embedded: true, hidden: [3, 5] };
    const read = async (seeds: number[]): Promise<number[]> => {
      const built = represent(spec, { ...setting, seeds });
      return (await numbersOf({ value: built.value }, feedsOf(built))).value!;
    };
    expectClose(await read([3, 8]), [...(await read([3])), ...(await read([8]))]);
  });

  test.each(['wide', 'rows'] as const)('it takes any number of rows: %s', async (layout) => {
    const read = async (rows: number | string): Promise<number[]> => {
      const built = represent(spec, { layout, rows, embedded: true, hidden: [3, 5], seeds: [0, 1] });
      return (await numbersOf({ value: built.value }, feedsOf(built))).value!;
    };
    expectClose(await read('batch'), await read(ROWS));
  });

  test.each(['wide', 'rows'] as const)('its graph does not grow with the tasks: %s', (layout) => {
    const nodes = (count: number): number => {
      const tasks = Array.from({ length: count }, (_, t) => `task ${t}`);
      const built = represent(spec, { layout, tasks, embedded: true, seeds: [0, 1] });
      const probes = built.probes.map(({ value }) => value);
      const slopes = gradient(lossOf(built.value), built.set.leaves);
      return topological([built.value, ...slopes, ...probes, ...built.penalties]).length;
    };
    expect(nodes(7)).toBe(nodes(3));
  });
});
