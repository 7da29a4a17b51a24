import { describe, expect, test } from 'vitest';
import { PROBLEMS } from '../studio/src/playground/problems/index.ts';
import { parseCsv } from '../studio/src/playground/problems/parse-csv.ts';
import type { Toy } from '../studio/src/playground/problems/problem.ts';
import { defaultsAt, queryOf, settingsOf } from '../studio/src/playground/settings.ts';
import { STOPS } from '../studio/src/playground/stops.ts';

const make = (query: string, file?: string): Toy => {
  const settings = settingsOf(query);
  return PROBLEMS[settings.problem]!.make(settings, file);
};

describe('problems', () => {
  test.each(['regressions', 'plane', 'digits'])('%s: a function of the seed', (problem) => {
    const query = `?problem=${problem}&rows=50`;
    expect(make(query)).toEqual(make(query));
    expect(make(`${query}&seed=1`).dataset.features).not.toEqual(make(query).dataset.features);
  });

  test('regressions that are the same have the same labels but for noise; opposite ones those of −z', () => {
    const same = make('?related=1&noise=0').dataset.labels;
    expect(same[0]!.targets).toEqual(same[1]!.targets);
    const { picture, dataset } = make('?related=0&noise=0');
    if (picture.kind !== 'curves') throw new Error('another picture');
    // y = z + Σ sin(α z + β): the curve is what the labels follow, along either direction.
    for (const [k, { x, y }] of picture.rows.entries())
      x.forEach((z, i) => {
        const before = picture.at.findLastIndex((at) => at <= z);
        const [low, high] = [before, before + 1].map((at) => picture.truth[k]![at]);
        if (low === undefined || high === undefined) return;
        expect(y[i]!).toBeGreaterThan(Math.min(low, high) - 0.05);
        expect(y[i]!).toBeLessThan(Math.max(low, high) + 0.05);
      });
    const [a, b] = dataset.labels.map(({ targets }) => targets);
    expect(a).not.toEqual(b);
  });

  test('the share of labels of the last task is that of the training rows; validation has them all', () => {
    const { dataset, train, validation } = make('?problem=plane&rows=200&labels=0.25');
    const labelled = (rows: Int32Array, t: number): number =>
      rows.filter((row) => dataset.labels[t]!.weights[row]! > 0).length;
    expect([labelled(train, 0), labelled(train, 1)]).toEqual([200, 50]);
    expect(labelled(validation, 1)).toBe(validation.length);
  });

  test('a CSV: types, kinds and encoders as for any table', () => {
    const lines = Array.from({ length: 120 }, (_, i) => {
      const grade = ['low', 'mid', 'high'][i % 3];
      return `${i % 7},${(i * 0.37).toFixed(2)},00${i % 5},"${grade}, say",${i % 2 ? 'true' : 'false'},${i % 11 ? i * 1.5 : 'NA'}`;
    });
    const file = ['a,b,code,grade,flag,amount', ...lines].join('\r\n');
    const toy = make('?problem=table&targets=flag|amount&rows=60', file);
    expect(toy.dataset.tasks.map(({ name, kind }) => [name, kind]).sort()).toEqual([
      ['amount', 'regression'],
      ['flag', 'binary'],
    ]);
    expect(toy.train).toHaveLength(60);
    expect(toy.signature.features.categorical.length).toBeGreaterThanOrEqual(2);
    expect(new Set([...toy.train, ...toy.validation]).size).toBe(toy.train.length + toy.validation.length);
    expect(() => make('?problem=table')).toThrow('source-empty');
  });
});

describe('CSV', () => {
  test.each([
    ['a,b\n1,2\n', [['1', '2']]],
    ['a;b\r\n1,5;"x;""y""\n z"\r\n', [['1,5', 'x;"y"\n z']]],
    [
      '\uFEFFa\tb\n\t\n1\t',
      [
        ['', ''],
        ['1', ''],
      ],
    ],
    ['a\n1\n\n2', [['1'], ['2']]],
  ])('%j', (text, rows) => {
    expect(parseCsv(text)).toMatchObject({ rows });
    expect(parseCsv(text).columns[0]).toBe('a');
  });

  test.each([
    ['', 'source-empty'],
    ['a,b\n', 'source-empty'],
    ['a,b\n1\n', 'source-ragged'],
    ['a,b\n1,"2\n', 'source-ragged'],
    ['a,a\n1,2\n', 'source-invalid'],
  ])('%j is refused', (text, code) => {
    expect(() => parseCsv(text)).toThrow(code);
  });
});

describe('the course', () => {
  test('has stops whose addresses say what they set', () => {
    expect(STOPS).toHaveLength(10);
    for (const [i, { query }] of STOPS.entries()) {
      const settings = settingsOf(`?stop=${i + 1}`);
      expect(settings).toEqual(defaultsAt(i + 1));
      expect(queryOf(settings)).toBe(`?stop=${i + 1}`);
      expect(queryOf({ ...settings, stop: 0 })).toBe(query);
      expect(PROBLEMS[settings.problem]).toBeDefined();
    }
  });

  test('gives way to what the address says, also where that is as by default', () => {
    const settings = settingsOf('?stop=8&width=16&seed=3');
    expect(settings).toEqual({ ...defaultsAt(8), width: 16, seed: 3 });
    expect(queryOf(settings)).toBe('?width=16&seed=3&stop=8');
    expect(settingsOf(queryOf(settings))).toEqual(settings);
  });
});
