import { describe, expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import type { Column } from '../common/table.ts';
import { inferKind } from './infer.ts';
import { knownOrder } from './orders.ts';
import { parseTaskSpec } from './spec.ts';

function texts(values: readonly string[]): Column {
  const dictionary = [...new Set(values)];
  return {
    type: 'string',
    name: 'c',
    codes: Int32Array.from(values, (value) => dictionary.indexOf(value)),
    dictionary,
  };
}
function reals(values: ArrayLike<number>): Column {
  return { type: 'number', name: 'c', values: Float64Array.from(values), integer: false };
}
const random = new RandomStream(11, 'infer');
const draw = (n: number, of: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => of(i));
const pick = (list: readonly string[], n = 100): string[] =>
  draw(n, (i) => random.integer(list.length, i)).map((k) => list[k]!);

describe('the kind of a column', () => {
  const cases: readonly [string, Column, string][] = [
    ['booleans', { type: 'boolean', name: 'c', values: Float64Array.of(1, 0) }, 'binary'],
    ['0 and 1', reals([0, 1, 1, Number.NaN]), 'binary'],
    ['two texts', texts(['<=50K', '>50K']), 'binary'],
    ['known order', texts(pick(['low', 'high', 'medium'])), 'ordinal'],
    ['age bands', texts(pick(['[0-10)', '[10-20)', '[20-30)', '[90-100)'])), 'ordinal'],
    ['grades', texts(pick(['A', 'B', 'C', 'D'])), 'ordinal'],
    ['a few texts', texts(pick(['cat', 'dog', 'bird'])), 'multiclass'],
    [
      'lists',
      texts(pick(['Drama|Romance', 'Comedy', 'Comedy|Drama', 'Action|Drama', 'Action'])),
      'multilabel',
    ],
    ['JSON lists', texts(pick(['["a","b"]', '["a"]', '["b","c"]', '["c"]'])), 'multilabel'],
    ['visits', reals(draw(300, (i) => Math.floor(-3 * Math.log(random.uniform(i))))), 'count'],
    ['years', reals(draw(300, (i) => 1950 + random.integer(70, i))), 'regression'],
    ['ids', reals(draw(300, (i) => i)), 'regression'],
    [
      'scores with a tail',
      reals(draw(300, (i) => 1 + Math.floor(-9 * Math.log(random.uniform(i))))),
      'regression',
    ],
    ['ratings', reals(draw(300, (i) => 1 + random.integer(5, i))), 'regression'],
    ['measurements', reals(draw(300, (i) => random.normal(i))), 'regression'],
    ['integers below zero', reals(draw(300, (i) => random.integer(9, i) - 4)), 'regression'],
  ];
  test.each(cases)('%s', (_, column, kind) => {
    const inferred = inferKind(column);
    expect(inferred.kind).toBe(kind);
    expect(inferred.reason.length).toBeGreaterThan(3);
  });

  test('only the given rows are looked at', () => {
    const column = texts(['a', 'b', 'c', 'd']);
    expect(inferKind(column, Int32Array.of(0, 1)).kind).toBe('binary');
    expect(inferKind(column).kind).toBe('multiclass');
  });

  test('dates, free text and empty columns have none', () => {
    const free = texts(draw(200, (i) => i).map((i) => `Some sentence, with words, number ${i}`));
    const empty: Column = { type: 'string', name: 'c', codes: Int32Array.of(-1, -1), dictionary: [] };
    const dates: Column = { type: 'date', name: 'c', values: Float64Array.of(1, 2, 3) };
    for (const column of [free, empty, dates, reals([Number.NaN])])
      expect(() => inferKind(column)).toThrow(/kind-unclear/);
  });
});

test('orders that are known', () => {
  expect(knownOrder(['High', 'LOW', 'Medium'])).toEqual(['LOW', 'Medium', 'High']);
  expect(knownOrder(['XL', 'S', 'M'])).toEqual(['S', 'M', 'XL']);
  expect(knownOrder(['18-24', '<18', '65+', '25-64'])).toEqual(['<18', '18-24', '25-64', '65+']);
  expect(knownOrder(['A-', 'B+', 'A', 'C'])).toEqual(['A', 'A-', 'B+', 'C']);
  expect(knownOrder(['A', 'G', 'M'])).toBeUndefined();
  expect(knownOrder(['cat', 'dog'])).toBeUndefined();
});

describe('a task in short', () => {
  test('column and kind', () => {
    expect(parseTaskSpec('income')).toEqual({ column: 'income' });
    expect(parseTaskSpec('Speed IAS:regression')).toEqual({ column: 'Speed IAS', kind: 'regression' });
    expect(parseTaskSpec('a:b:count')).toEqual({ column: 'a:b', kind: 'count' });
    expect(parseTaskSpec('ratio a:b')).toEqual({ column: 'ratio a:b' });
    expect(parseTaskSpec('per:count', ['per:count'])).toEqual({ column: 'per:count' });
    expect(parseTaskSpec('per:count', ['per'])).toEqual({ column: 'per', kind: 'count' });
  });

  test('errors name the nearest', () => {
    expect(() => parseTaskSpec('y:regresion')).toThrow('Did you mean "regression"?');
    expect(() => parseTaskSpec('y:lasso', ['y'])).toThrow(/kind-unknown[\s\S]*binary/);
    expect(() => parseTaskSpec('incom:binary', ['income', 'age'])).toThrow('Did you mean "income"?');
    expect(() => parseTaskSpec('incom', ['income', 'age'])).toThrow('Did you mean "income"?');
    expect(() => parseTaskSpec(':binary')).toThrow(/column-unknown/);
    expect(() => parseTaskSpec('')).toThrow(/column-unknown/);
  });
});
