import { describe, expect, test } from 'vitest';
import { tableFromColumns } from '../sources/memory.ts';
import { FittedDescriptor, type SentenceEncoder } from './fitted.ts';
import { describeByColumns, describeByMeans } from './from-rows.ts';
import { hashText } from './hash-text.ts';
import { chooseDescriptor } from './registry.ts';

const TASKS = [
  { size: 10, region: 'north', public: true, about: { ward: 'A' }, always: 1 },
  { size: 20, region: 'south', public: false, about: { ward: 'B' }, always: 1 },
  { size: 30, region: 'north', public: true, about: { ward: 'B' }, always: 1 },
];
const spec = chooseDescriptor('spec');
const rows = (all: Float32Array, width: number): number[][] =>
  Array.from({ length: all.length / width }, (_, i) => [...all.subarray(i * width, (i + 1) * width)]);

describe('key-values', () => {
  test('numbers standardised, categories one-hot, truths as signs, nested keys flat, constants left out', async () => {
    const fitted = await FittedDescriptor.fit(spec, TASKS);
    expect(fitted.keys).toEqual(['size', 'region', 'public', 'about.ward']);
    // By frequency: north before south, B before A.
    const deviation = Math.sqrt(200 / 3);
    const expected = [
      [-10 / deviation, 1, 0, 1, 0, 1],
      [0, 0, 1, -1, 1, 0],
      [10 / deviation, 1, 0, 1, 1, 0],
    ];
    rows(await fitted.encode(TASKS), fitted.width).forEach((row, t) => {
      row.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[t]![i]!, 5);
      });
    });
  });

  test('a new category and a missing key are zeros', async () => {
    const fitted = await FittedDescriptor.fit(spec, TASKS);
    const [unseen] = rows(await fitted.encode([{ size: 20, region: 'west', public: true }]), fitted.width);
    expect(unseen).toEqual([0, 0, 0, 1, 0, 0]);
  });

  test('where training tasks lack a number, an indicator says so', async () => {
    const fitted = await FittedDescriptor.fit(spec, [{ size: 1 }, { size: 3 }, { size: null }]);
    expect(rows(await fitted.encode([{ size: 3 }, { size: undefined }]), 2)).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('is blind to tasks that it was not fitted on, and to their order', async () => {
    const fitted = await FittedDescriptor.fit(spec, TASKS);
    const wild = { size: 1e6, region: 'moon', public: false, about: { ward: 'Z' } };
    const all = rows(await fitted.encode([wild, ...TASKS]), fitted.width);
    expect(all.slice(1)).toEqual(rows(await fitted.encode(TASKS), fitted.width));
    const turned = [TASKS[2]!, TASKS[0]!, TASKS[1]!];
    const again = await FittedDescriptor.fit(spec, turned);
    const [c, a, b] = rows(await again.encode(turned), again.width);
    expect([a, b, c]).toEqual(rows(await fitted.encode(TASKS), fitted.width));
  });

  test('sentences among the keys are hashed', async () => {
    const texts = ['the price of a house', 'the rent of a flat in town'].map((note) => ({ note }));
    const fitted = await FittedDescriptor.fit(chooseDescriptor('spec:width=16'), texts);
    expect(fitted.width).toBe(16);
    const [first] = rows(await fitted.encode(texts), 16);
    expect(first).toEqual([...hashText('the price of a house', 16)]);
  });

  test('travels as JSON', async () => {
    for (const tasks of [TASKS, [{ note: 'a b c d' }, { note: 'e f g h' }]]) {
      const fitted = await FittedDescriptor.fit(spec, tasks);
      const revived = FittedDescriptor.fromJSON(JSON.parse(JSON.stringify(fitted)));
      expect(await revived.encode(tasks)).toEqual(await fitted.encode(tasks));
    }
  });
});

describe('sentences', () => {
  const text = chooseDescriptor('text:width=64');

  test('have length 1, and near ones are near', () => {
    const [a, b, c] = ['house prices in Oslo', 'house prices in Bergen', 'was the visitor happy?'].map(
      (one) => hashText(one, 256),
    );
    const dot = (x: Float32Array, y: Float32Array): number =>
      x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(dot(a!, a!)).toBeCloseTo(1, 5);
    expect(dot(a!, b!)).toBeGreaterThan(0.4);
    expect(dot(a!, c!)).toBeLessThan(0.2);
  });

  test('an encoder that is handed in is asked for again', async () => {
    const encoder: SentenceEncoder = { name: 'lengths', encode: async (one) => [one.length, 1] };
    const fitted = await FittedDescriptor.fit(text, ['ab', 'abc'], encoder);
    const revived = FittedDescriptor.fromJSON(JSON.parse(JSON.stringify(fitted)));
    expect([...(await revived.encode(['abcd'], encoder))]).toEqual([4, 1]);
    const refused = expect.objectContaining({
      code: 'descriptor-invalid',
      expected: expect.stringMatching(/lengths/),
    });
    await expect(revived.encode(['abcd'])).rejects.toEqual(refused);
    await expect(revived.encode(['abcd'], { ...encoder, name: 'other' })).rejects.toEqual(refused);
  });

  test('are refused where key-values are meant, and the other way round', async () => {
    const invalid = { code: 'descriptor-invalid' };
    const hashed = await FittedDescriptor.fit(text, ['a b', 'c d']);
    await expect(hashed.encode([{ size: 1 }])).rejects.toMatchObject(invalid);
    await expect(hashed.encode([' '])).rejects.toMatchObject(invalid);
    const keyed = await FittedDescriptor.fit(spec, TASKS);
    await expect(keyed.encode(['a sentence'])).rejects.toMatchObject(invalid);
    await expect(keyed.encode([{ sizes: 3 }])).rejects.toMatchObject({
      ...invalid,
      help: 'Did you mean "size"?',
    });
    await expect(FittedDescriptor.fit(spec, [{ size: 1 }, { size: 1 }])).rejects.toMatchObject(invalid);
  });
});

describe('from rows', () => {
  const table = tableFromColumns({
    size: [1, 1, 5, 7, null],
    region: ['n', 'n', 's', 's', 'n'],
    open: [true, true, false, false, false],
  });
  const rowsOf = [Int32Array.of(0, 1), Int32Array.of(2, 3, 4)];

  test('columns: the one value of a task, or the mean or most common one, of which the user is told', () => {
    expect(describeByColumns(table, ['size', 'region', 'open'], rowsOf)).toEqual({
      descriptions: [
        { size: 1, region: 'n', open: true },
        { size: 6, region: 's', open: false },
      ],
      varying: ['size', 'region'],
    });
    expect(() => describeByColumns(table, ['sise'], rowsOf)).toThrow(/size/);
  });

  test('means: of numbers, and the shares of categories', () => {
    const means = describeByMeans(
      {
        rows: 4,
        numeric: { data: Float32Array.of(1, 3, 5, 9), names: ['x'] },
        categorical: { codes: Int32Array.of(2, 0, 2, 1), cardinalities: [3], names: ['c'] },
        text: [],
      },
      [Int32Array.of(0, 1), Int32Array.of(2, 3)],
    );
    expect(means).toEqual([
      { x: 2, 'c=0': 0.5, 'c=1': 0, 'c=2': 0.5 },
      { x: 7, 'c=0': 0, 'c=1': 0.5, 'c=2': 0.5 },
    ]);
  });
});

test.each(['one-hut', 'embedding:size=3', 'text:width=0', 'columns:rows=2'])('refuses %s', (input) => {
  expect(() => chooseDescriptor(input)).toThrow(expect.objectContaining({ code: 'descriptor-invalid' }));
});
