import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../common/table.ts';
import { takeRows } from '../columns.ts';
import { type Features, takeFeatures } from '../features.ts';
import type { ColumnPlan } from '../plan.ts';
import { tableFromColumns } from '../sources/memory.ts';
import { quantileEdges } from './bins.ts';
import type { EncoderSpec } from './encoder.ts';
import { EncoderSet, fitEncoders } from './encoder-set.ts';
import { countGrams } from './grams.ts';
import { ENCODERS } from './registry.ts';
import { normalQuantile } from './transforms.ts';

const wild = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, 1e308, -1e308, 5e-324, Number.NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER),
  fc.integer({ min: -3, max: 3 }),
);
const date = fc.oneof(fc.date({ noInvalidDate: true }), fc.constant(null));
const words = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'CCO', 'two words', 'a|b|c', '0'),
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constant(null),
);

const TYPES = { number: 'number', boolean: 'boolean', date: 'date', string: 'string' } as const;
const wildTables: fc.Arbitrary<Table> = fc
  .array(fc.record({ number: wild, boolean: fc.constantFrom(true, false, null), date, string: words }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) =>
    tableFromColumns(
      Object.fromEntries(
        Object.keys(TYPES).map((key) => [key, rows.map((row) => row[key as keyof typeof row])]),
      ),
      { types: TYPES },
    ),
  );

/** Every encoder with every kind of column it takes, plain and with options; a new encoder must add itself here. */
const CASES: Record<string, EncoderSpec[]> = {
  numeric: [
    { kind: 'numeric' },
    { kind: 'numeric', transform: 'standard', pieces: 8 },
    { kind: 'numeric', transform: 'log1p', indicator: true },
    { kind: 'numeric', transform: 'quantile', clip: 3 },
  ],
  categorical: [
    { kind: 'categorical' },
    { kind: 'categorical', minCount: 1 },
    { kind: 'categorical', maxCardinality: 1, minCount: 1 },
  ],
  boolean: [{ kind: 'boolean' }, { kind: 'boolean', indicator: false }],
  date: [{ kind: 'date' }, { kind: 'date', parts: ['hour', 'elapsed'] }],
  text: [
    { kind: 'text' },
    { kind: 'text', weights: 'tfidf', normalise: 'mean', maxLength: 3 },
    { kind: 'text', chars: [1, 2], words: false, buckets: 7, weights: 'binary' },
  ],
};

const plansOf = (spec: EncoderSpec): ColumnPlan[] =>
  ENCODERS[spec.kind]!.types.map((type) => ({ name: type, type, role: 'input', encoder: spec }));

function checkForm(features: Features): void {
  const { rows, numeric, categorical, text } = features;
  expect(numeric.data.length).toBe(rows * numeric.names.length);
  expect(numeric.data.every(Number.isFinite)).toBe(true);
  expect(numeric.data.every((value) => Math.abs(value) <= 10)).toBe(true);
  expect(categorical.codes.length).toBe(rows * categorical.names.length);
  categorical.codes.forEach((code, i) => {
    expect(code).toBeGreaterThanOrEqual(0);
    expect(code).toBeLessThan(categorical.cardinalities[i % categorical.names.length]!);
  });
  for (const { ids, weights, buckets, length } of text) {
    expect([ids.length, weights.length]).toEqual([rows * length, rows * length]);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(ids.every((id, i) => id >= 0 && id < buckets && (id > 0 || weights[i] === 0))).toBe(true);
  }
}

it('every encoder has its cases', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(ENCODERS).sort());
});

describe.each(
  Object.values(CASES)
    .flat()
    .map((spec) => [JSON.stringify(spec), spec] as const),
)('%s', (_, spec) => {
  const plans = plansOf(spec);
  const allRows = (table: Table): Int32Array => Int32Array.from({ length: table.rows }, (__, i) => i);

  it('gives finite features of the promised form, for rows it saw and rows it did not', () => {
    fc.assert(
      fc.property(wildTables, wildTables, (train, other) => {
        const encoders = fitEncoders(train, plans, allRows(train));
        checkForm(encoders.encode(train));
        checkForm(encoders.encode(other));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same after a journey through JSON', () => {
    fc.assert(
      fc.property(wildTables, wildTables, (train, other) => {
        const encoders = fitEncoders(train, plans, allRows(train), 3);
        const again = EncoderSet.fromJSON(JSON.parse(JSON.stringify(encoders)));
        expect(again.encode(other)).toEqual(encoders.encode(other));
        expect(JSON.stringify(again)).toBe(JSON.stringify(encoders));
      }),
      { numRuns: 20 },
    );
  });

  it('is fitted on training rows alone, and encodes each row on its own', () => {
    fc.assert(
      fc.property(wildTables, wildTables, (train, other) => {
        const rows = allRows(train);
        const alone = fitEncoders(train, plans, rows, 3);
        const mixed = tableFromColumns(
          Object.fromEntries(
            Object.keys(TYPES).map((key) => [key, [...cellsOf(train, key), ...cellsOf(other, key)]]),
          ),
          { types: TYPES },
        );
        const together = fitEncoders(mixed, plans, rows, 3);
        expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
        expect(takeFeatures(together.encode(mixed), rows)).toEqual(alone.encode(train));
        const last = [train.rows - 1];
        expect(alone.encode(takeRows(train, last))).toEqual(takeFeatures(alone.encode(train), last));
      }),
      { numRuns: 20 },
    );
  });
});

function cellsOf(table: Table, name: string): unknown[] {
  const column = table.columns.get(name)!;
  if (column.type === 'string')
    return Array.from(column.codes, (code) => (code < 0 ? null : column.dictionary[code]));
  return Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return null;
    return column.type === 'boolean' ? value === 1 : column.type === 'date' ? new Date(value) : value;
  });
}

describe('numbers', () => {
  const fitted = (values: (number | null)[], options: object = {}): EncoderSet =>
    fitEncoders(
      tableFromColumns({ x: values }),
      [{ name: 'x', type: 'number', role: 'input', encoder: { kind: 'numeric', ...options } }],
      Int32Array.from(values.keys()),
    );
  const encodeOne = (encoders: EncoderSet, x: number | null): number[] => [
    ...encoders.encodeRows([{ x }]).features.numeric.data,
  ];

  it('are standardised, with missing at the mean and an indicator', () => {
    const encoders = fitted([1, 2, 3, null]);
    expect(encoders.shape.numeric).toEqual(['x', 'x is missing']);
    expect(encodeOne(encoders, 2)).toEqual([0, 0]);
    expect(encodeOne(encoders, null)).toEqual([0, 1]);
    expect(encodeOne(encoders, 3)[0]).toBeCloseTo(1 / Math.sqrt(2 / 3), 6);
    expect(encodeOne(encoders, 1e9)[0]).toBe(10);
    expect(fitted([1, 2, 3]).shape.numeric).toEqual(['x']);
  });

  it('choose a transform by their distribution', () => {
    const normal = Array.from({ length: 500 }, (_, i) => normalQuantile((i + 0.5) / 500));
    const transform = (values: number[]): unknown =>
      (fitted(values).toJSON().encoders[0] as unknown as { transform: { name: string } }).transform.name;
    expect(transform(normal)).toBe('standard');
    expect(transform(normal.map((z) => Math.exp(2 * z)))).toBe('log1p');
    expect(transform(normal.map((z) => Math.sinh(4 * z)))).toBe('quantile');
    const ranks = fitted(normal.map((z) => Math.sinh(4 * z)));
    expect(encodeOne(ranks, 0)[0]).toBeCloseTo(0, 1);
    expect(encodeOne(ranks, Math.sinh(4))[0]).toBeCloseTo(1, 1);
  });

  it('have a piecewise linear encoding', () => {
    const encoders = fitted([0, 1, 2, 3, 4], { pieces: 2, transform: 'standard' });
    expect(encodeOne(encoders, 3).slice(1)).toEqual([1, 0.5]);
    expect(encodeOne(encoders, 1).slice(1)).toEqual([0.5, 0]);
    expect(encodeOne(encoders, 99).slice(1)).toEqual([1, 1]);
    expect(encodeOne(encoders, null).slice(1)).toEqual([0, 0]);
  });
});

it('bins are cut at quantiles of what training rows are encoded to, without missing cells', () => {
  const columns = {
    x: [0, 1, 2, 3, 4, null, 99],
    heap: [5, 5, 5, 5, 6, 7, 0],
    two: [1, 2, 1, 2, 1, 2, 3],
    name: ['a', 'b', 'a', 'b', 'a', 'b', 'a'],
  };
  const kinds = { x: 'numeric', heap: 'numeric', two: 'numeric', name: 'categorical' };
  const plans = Object.entries(kinds).map(
    ([name, kind]): ColumnPlan => ({
      name,
      type: kind === 'numeric' ? 'number' : 'string',
      role: 'input',
      encoder: kind === 'numeric' ? { kind, transform: 'standard' } : { kind },
    }),
  );
  const table = tableFromColumns(columns);
  const train = [0, 1, 2, 3, 4, 5];
  const encoders = fitEncoders(table, plans, train, 4);
  const [x, indicator, heap, two, ...more] = encoders.edges!;
  const encoded = encoders.encode(table).numeric;
  const column = (name: string): number[] =>
    [...encoded.data].filter((_, i) => i % encoded.names.length === encoded.names.indexOf(name));
  // Five values at the quantiles 0, ¼ … 1; the row in which x is missing, and the last, which does not train, are not there.
  expect(x).toEqual(column('x').slice(0, 5));
  // Few values are all there.
  expect(heap).toEqual([0, 4, 5].map((row) => column('heap')[row]));
  expect([indicator, two, more]).toEqual([[], [], []]);
  expect(fitEncoders(table, plans, train).edges).toBeUndefined();
  expect(fitEncoders(table, plans, train).toJSON()).not.toHaveProperty('edges');
});

it('every value is an edge where there are few; else quantiles, once each', () => {
  const heap = Float64Array.of(4, 1, 1, 1, 2, 1, 1, 3, 1);
  expect(quantileEdges(heap, 3)).toEqual([1, 2, 3, 4]);
  expect(quantileEdges(heap, 2)).toEqual([1, 4]);
  expect(quantileEdges(new Float64Array(0), 2)).toEqual([0]);
});

describe('the rest', () => {
  const fitted = (
    name: string,
    values: unknown[],
    spec: EncoderSpec,
    type: ColumnPlan['type'] = 'string',
  ): EncoderSet =>
    fitEncoders(
      tableFromColumns({ [name]: values }),
      [{ name, type, role: 'input', encoder: spec }],
      Int32Array.from(values.keys()),
    );

  it('categories are ordered by frequency, with rare ones together and unseen ones at 0', () => {
    const encoders = fitted('c', ['b', 'a', 'a', 'a', 'b', 'z', null], { kind: 'categorical' });
    const { features, warnings } = encoders.encodeRows([
      { c: 'a' },
      { c: 'b' },
      { c: 'z' },
      { c: 'new' },
      { c: null },
    ]);
    expect([...features.categorical.codes]).toEqual([2, 3, 1, 0, 0]);
    expect(features.categorical.cardinalities).toEqual([4]);
    expect(warnings.map(({ code }) => code)).toEqual(['category-unseen']);
  });

  it('dates are points on circles and elapsed time', () => {
    const encoders = fitted(
      'd',
      [new Date('2020-01-01'), new Date('2020-07-01'), new Date('2021-01-01')],
      { kind: 'date' },
      'date',
    );
    expect(encoders.shape.numeric).toEqual([
      'd elapsed',
      'd year',
      'd month sin',
      'd month cos',
      'd weekday sin',
      'd weekday cos',
    ]);
    const row = [...encoders.encodeRows([{ d: '2020-07-15T00:00:00Z' }]).features.numeric.data];
    expect(row[2]).toBeCloseTo(0, 6);
    expect(row[3]).toBeCloseTo(-1, 6);
    expect(encoders.encodeRows([{ d: '7/15/2020' }]).warnings[0]?.code).toBe('value-unreadable');
  });

  it('texts are bags of n-grams that share what they share', () => {
    const encoders = fitted('s', ['CCO', 'CCN', 'c1ccccc1'], { kind: 'text' });
    const [text] = encoders.encode(tableFromColumns({ s: ['CCO', 'CCN', 'cco', ''] })).text;
    const bag = (row: number): Map<number, number> => {
      const { ids, weights, length } = text!;
      const entries = Array.from(
        { length },
        (_, i) => [ids[row * length + i]!, weights[row * length + i]!] as const,
      );
      return new Map(entries.filter(([id]) => id > 0));
    };
    const dot = (a: number, b: number): number =>
      [...bag(a)].reduce((sum, [id, weight]) => sum + weight * (bag(b).get(id) ?? 0), 0);
    expect(dot(0, 0)).toBeCloseTo(1, 5);
    expect(dot(0, 1)).toBeGreaterThan(0.1);
    expect(dot(0, 2)).toBeLessThan(0.1);
    expect(bag(3).size).toBe(0);
  });

  it('n-grams of words stay inside words, and case is folded where asked', () => {
    const grams = { chars: [3, 3], words: null, lowercase: true } as const;
    expect(countGrams('ABA', grams, 2 ** 20)).toEqual(countGrams('aba', grams, 2 ** 20));
    expect(countGrams('ab', { ...grams, words: [1, 2] }, 2 ** 20).size).toBe(3);
    expect(countGrams('ab cd', { ...grams, words: [1, 2] }, 2 ** 20).size).toBe(7);
  });

  it('rows to predict may lack columns or have more, with a warning', () => {
    const encoders = fitted('age', [1, 2, 3, null], { kind: 'numeric' }, 'number');
    const { features, warnings } = encoders.encodeRows([{ aeg: 5 }, { age: 'old' }, { age: '2' }]);
    expect([...features.numeric.data]).toEqual([0, 1, 0, 1, 0, 0]);
    expect(warnings.map(({ code, column }) => [code, column])).toEqual([
      ['column-unknown', 'aeg'],
      ['value-unreadable', 'age'],
    ]);
    expect(encoders.encodeRows([{}]).warnings[0]?.code).toBe('column-missing');
    expect(encoders.encodeRows([]).features.rows).toBe(0);
  });

  it('says what is wrong with options and tables', () => {
    const bad = (spec: EncoderSpec): unknown => {
      try {
        return fitted('c', ['a', 'b'], spec);
      } catch (error) {
        return error;
      }
    };
    expect(bad({ kind: 'categorial' })).toMatchObject({
      code: 'encoder-invalid',
      help: expect.stringContaining('"categorical"'),
    });
    expect(bad({ kind: 'categorical', mincount: 2 })).toMatchObject({
      code: 'encoder-invalid',
      help: expect.stringContaining('"minCount"'),
    });
    expect(bad({ kind: 'numeric' })).toMatchObject({ code: 'encoder-invalid', path: 'encoders.c' });
    for (const spec of [
      { kind: 'text', chars: false, words: false },
      { kind: 'text', chars: [3, 2] },
      { kind: 'text', buckets: 1 },
      { kind: 'text', maxLength: 0 },
      { kind: 'text', weights: 'x' },
      { kind: 'text', normalise: 'x' },
      { kind: 'text', lowercase: 1 },
      { kind: 'categorical', minCount: 0 },
      { kind: 'categorical', maxCardinality: 0 },
    ]) {
      expect(bad(spec)).toMatchObject({ code: 'encoder-invalid' });
    }
    const encoders = fitted('c', ['a', 'b'], { kind: 'categorical' });
    expect(() => encoders.encode(tableFromColumns({ cc: ['a'] }))).toThrow(/features-mismatch[\s\S]*"cc"/);
    expect(() => EncoderSet.fromJSON({ encoders: [{ kind: 'future', column: 'c' }] })).toThrow(
      /newer version/,
    );
  });
});
