import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { input, numbers, type Tensor, tensorData } from '../../../engine/index.ts';
import {
  expectClose,
  feedsOf,
  movedValues,
  numbersOf,
  ROWS,
  represent,
  type Setting,
  type Values,
  valueAndGradients,
} from '../represent.test-support.ts';
import { mix } from './mix.ts';
import { overlapOfSubspaces } from './subspaces.ts';

const SETTINGS: readonly Setting[] = (['wide', 'rows'] as const).flatMap((layout) =>
  [[3], [3, 8]].map((seeds) => ({ layout, seeds, embedded: true })),
);
const named = (setting: Setting): [string, Setting] => [
  `${setting.layout}, ${setting.seeds!.length} seeds`,
  setting,
];

describe('the mixing of parts', () => {
  test.each([
    [1, 3, 2],
    [2, 4, 3],
    [2, 5, 2],
    [3, 5, 2],
  ])('%i subspaces of %i units in %i values', async (subspaces, width, n) => {
    const [seeds, m, batch] = [2, 3, 2];
    const part = Math.ceil(width / subspaces);
    const [rows, columns] = [m * subspaces, n * subspaces];
    for (const places of [1, part]) {
      const alpha = Array.from({ length: seeds * places * rows * columns }, (_, i) => Math.sin(i + 1));
      const x = Array.from({ length: seeds * n * batch * width }, (_, i) => Math.cos(3 * i));
      const mixed = mix(
        input('alpha', [seeds, places, rows, columns]),
        input('x', [seeds, n, batch, width]),
        subspaces,
      );
      expect(mixed.shape).toEqual([seeds, m, batch, width]);
      const { mixed: found } = await numbersOf(
        { mixed },
        {
          alpha: tensorData(Float32Array.from(alpha), [seeds, places, rows, columns]),
          x: tensorData(Float32Array.from(x), [seeds, n, batch, width]),
        },
      );
      const expected: number[] = [];
      for (let s = 0; s < seeds; s++)
        for (let i = 0; i < m; i++)
          for (let r = 0; r < batch; r++)
            for (let u = 0; u < width; u++) {
              const [g, place] = [Math.floor(u / part), u % part];
              let sum = 0;
              for (let j = 0; j < n; j++)
                for (let h = 0; h < subspaces; h++) {
                  const unit = h * part + place;
                  if (unit >= width) continue;
                  const matrix = s * places + (places === 1 ? 0 : place);
                  sum +=
                    alpha[(matrix * rows + i * subspaces + g) * columns + j * subspaces + h]! *
                    x[((s * n + j) * batch + r) * width + unit]!;
                }
              expected.push(sum);
            }
      expectClose(found!, expected);
    }
  });
});

describe.each(SETTINGS.map(named))('%s', (_, setting) => {
  test.each([
    ['cross-stitch:keep=1,embeddings=own', [3, 4]],
    ['cross-stitch:keep=1,embeddings=own,units=channel', [3, 4]],
    ['sluice:keep=1,last=1,embeddings=own', [4, 4]],
    ['sluice:keep=1,last=1,embeddings=own', [5, 3]],
    ['sluice:keep=1,last=1,embeddings=own,subspaces=3', [4]],
  ])('%s over %j is independent', async (spec, hidden) => {
    const stitched = represent(spec, { ...setting, hidden });
    const alone = represent('independent', { ...setting, hidden });
    const values = movedValues(stitched, /^(stitch|skip)/);
    const [found, expected] = await Promise.all([
      valueAndGradients(stitched, values),
      valueAndGradients(alone, values),
    ]);
    expect(stitched.set.parameters.length).toBeGreaterThan(alone.set.parameters.length);
    expect(stitched.value.shape).toEqual(alone.value.shape);
    for (const [name, numbers] of Object.entries(expected)) expectClose(found[name]!, numbers);
  });

  test('mtan with open masks is shared-bottom', async () => {
    const own = { ...setting, hidden: [3, 4] };
    const [masked, plain] = [represent('mtan', own), represent('shared-bottom', own)];
    const open = Object.fromEntries(
      Object.entries(movedValues(masked)).map(([name, values]) => [
        name,
        /mask\/weight/.test(name)
          ? values.map(() => 0)
          : /mask\/bias/.test(name)
            ? values.map(() => 50)
            : values,
      ]),
    );
    const { value } = await numbersOf({ value: masked.value }, feedsOf(masked, open));
    const { value: h } = await numbersOf({ value: plain.value }, feedsOf(plain, open));
    const block = ROWS * 4;
    const perTask = setting.layout === 'wide' ? [0, 1] : [0];
    const seeds = setting.seeds!.map((_seed, s) => h!.slice(s * block, (s + 1) * block));
    expectClose(
      value!,
      seeds.flatMap((one) => perTask.flatMap(() => one)),
    );
  });
});

/** One row x = (2, 0) through one layer of two units: h = (2, 1) for task a, (6, 2) for task b. */
const HAND: Values = { 'trunk/mlp/0/weight': [1, 0.5, 0, 0, 3, 1, 0, 0] };
async function firstRow(spec: string, values: Values): Promise<number[]> {
  const built = represent(spec, { hidden: [2], activation: 'relu' });
  const feeds = feedsOf(built, { ...HAND, ...values });
  const numeric = tensorData(
    Float32Array.from({ length: 2 * ROWS }, (_, i) => (i === 0 ? 2 : 0)),
    [ROWS, 2],
  );
  const { value } = await numbersOf({ value: built.value }, { ...feeds, numeric });
  return [0, 1].flatMap((t) => value!.slice(t * ROWS * 2, t * ROWS * 2 + 2));
}

describe('values by hand', () => {
  test('a cross-stitch of a layer', async () => {
    expectClose(await firstRow('cross-stitch', {}), [2.4, 1.1, 5.6, 1.9]);
    expectClose(await firstRow('cross-stitch', { 'stitch/0': [0.9, 0.1, 0.2, 0.8] }), [2.4, 1.1, 5.2, 1.8]);
  });

  test('a cross-stitch of each unit', async () => {
    const alpha = [0.9, 1, 0.1, 0, 0.2, 0.5, 0.8, 0.5];
    expectClose(await firstRow('cross-stitch:units=channel', { 'stitch/0': alpha }), [2.4, 1, 5.2, 1.5]);
  });

  test('a sluice between the subspaces of two tasks', async () => {
    // h = (a1, a2, b1, b2) = (2, 1, 6, 2).
    const alpha = [1, 0, 0, 0.5, 0, 1, 0.25, 0, 0.5, 0, 1, 0, 0, 2, 0, 1];
    expectClose(await firstRow('sluice', { 'stitch/0': alpha, skip: [1, 1] }), [3, 2.5, 7, 4]);
    expectClose(await firstRow('sluice', { 'stitch/0': alpha, skip: [1, 0.5] }), [3, 2.5, 3.5, 2]);
  });

  test('mixing weights start with what is kept; the rest is spread evenly, and a single task keeps all', () => {
    const start = (spec: string, tasks: string[]): Values => movedValues(represent(spec, { tasks }), /./);
    expectClose(
      start('cross-stitch:keep=0.8', ['a', 'b', 'c'])['stitch/1']!,
      [0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8],
    );
    expect(start('cross-stitch', ['a'])['stitch/0']).toEqual([1]);
    const own = start('sluice:keep=0.7,last=0.6', ['a', 'b']);
    expectClose(own['stitch/0']!.slice(0, 4), [0.7, 0.1, 0.1, 0.1]);
    expectClose(own.skip!, [0.4, 0.6, 0.4, 0.6]);
  });

  test('the skips of a sluice mix what its layers computed', async () => {
    const setting = { hidden: [3, 4] };
    const [deep, both] = [
      represent('independent', setting),
      represent('sluice:keep=1,embeddings=own', setting),
    ];
    const first = represent('independent', { hidden: [3] });
    const values = { ...movedValues(both, /^stitch/), skip: [0.25, 0.75, 0.5, -1] };
    const read = async (of: typeof deep): Promise<number[]> =>
      (await numbersOf({ value: of.value }, feedsOf(of, values))).value!;
    const [h1, h2, mixed] = await Promise.all([first, deep, both].map(read));
    const projection = (values as Values)['trunk/skip/0/weight']!;
    const expected = h2!.map((value, i) => {
      const [t, row, unit] = [Math.floor(i / (ROWS * 4)), Math.floor(i / 4), i % 4];
      const projected = [0, 1, 2].reduce(
        (sum, k) => sum + h1![row * 3 + k]! * projection[(t * 3 + k) * 4 + unit]!,
        0,
      );
      return values.skip[2 * t]! * projected + values.skip[2 * t + 1]! * value;
    });
    expectClose(mixed!, expected);
  });
});

describe('the overlap of subspaces', () => {
  const overlap = async (weight: number[], shape: number[], subspaces: number): Promise<number[]> => {
    const result: Tensor = overlapOfSubspaces(input('w', shape), subspaces);
    const { result: found } = await evaluate(
      optimised,
      { result },
      { w: tensorData(Float32Array.from(weight), shape) },
    );
    return numbers(found!);
  };

  test('two columns', async () => {
    expect(await overlap([1, 2, 3, 4], [1, 2, 2], 2)).toEqual([(1 * 2 + 3 * 4) ** 2]);
    expect(await overlap([1, 3, 3, -1], [1, 2, 2], 2)).toEqual([0]);
  });

  test('three columns are parts of two and one; units of one part may overlap; tasks add up, replicas do not', async () => {
    const w = [1, 1, 2, 0, 1, 3];
    const own = (1 * 2 + 0 * 3) ** 2 + (1 * 2 + 1 * 3) ** 2;
    expect(await overlap([...w, ...w, ...w, ...w.map(() => 0)], [2, 2, 2, 3], 2)).toEqual([2 * own, own]);
  });

  test('reaches the objective with its strength, for every layer', async () => {
    const built = represent('sluice:orthogonality=0.5', { hidden: [2, 2], seeds: [1, 2] });
    const values = movedValues(built);
    const results = await numbersOf(
      Object.fromEntries(built.penalties.map((term, i) => [`${i}`, term])),
      feedsOf(built, values),
    );
    expect(Object.keys(results)).toHaveLength(2);
    for (const l of [0, 1]) {
      const w = values[`trunk/mlp/${l}/weight`]!;
      const expected = [0, 1].map((s) =>
        [0, 1].reduce((sum, t) => {
          const at = (s * 2 + t) * 4;
          return sum + 0.5 * (w[at]! * w[at + 1]! + w[at + 2]! * w[at + 3]!) ** 2;
        }, 0),
      );
      expectClose(results[`${l}`]!, expected);
    }
    expect(represent('sluice:orthogonality=0').penalties).toEqual([]);
    expect(represent('sluice:subspaces=1').penalties).toEqual([]);
  });
});

test('a mask of mtan sees its layer and what the task attended to below', async () => {
  const built = represent('mtan:units=3', { hidden: [2, 2] });
  const values = movedValues(built);
  const { value } = await numbersOf({ value: built.value }, feedsOf(built, values));
  const x = numbers(feedsOf(built).numeric!);
  const layer = (input: number[], name: string, t: number, units: number): number[] => {
    const [w, b] = [values[`${name}/weight`]!, values[`${name}/bias`]!];
    return Array.from({ length: units }, (_, u) =>
      input.reduce((sum, v, k) => sum + v * w[(t * input.length + k) * units + u]!, b[t * units + u]!),
    );
  };
  const expected: number[] = [];
  for (const t of [0, 1])
    for (let row = 0; row < ROWS; row++) {
      let h = x.slice(2 * row, 2 * row + 2);
      let attended: number[] = [];
      for (const l of [0, 1]) {
        h = layer(h, `trunk/mlp/${l}`, 0, 2).map(Math.tanh);
        const hidden = layer([...h, ...attended], `attention/${l}/hidden`, t, 3).map((v) =>
          v > 0 ? v : 0.01 * v,
        );
        const mask = layer(hidden, `attention/${l}/mask`, t, 2).map((v) => 1 / (1 + Math.exp(-v)));
        attended = h.map((v, i) => v * mask[i]!);
      }
      expected.push(...attended);
    }
  expectClose(value!, expected);
});

test.each(['cross-stitch', 'sluice', 'mtan'])('%s needs a trunk with layers', (spec) => {
  expect(() => represent(spec, { hidden: [] })).toThrow(expect.objectContaining({ code: 'sharing-invalid' }));
});
