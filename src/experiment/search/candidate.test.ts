import { expect, test } from 'vitest';
import { parseConfig } from '../config.ts';
import { changed, configOf, mergeSettings, pathsOf } from './candidate.ts';
import { PORTFOLIO, portfolioFor } from './portfolio.ts';
import { STAGES, type Standing } from './stages.ts';

const config = parseConfig({ data: 'rows.csv', tasks: { a: {}, b: {} }, model: { tower: [8] } });

test('settings are merged section by section, the second over the first', () => {
  expect(
    mergeSettings(
      { model: { hidden: [1], dropout: 0 }, objective: 'equal' },
      { model: { dropout: 0.5 }, training: { average: 0.9 } },
    ),
  ).toEqual({ model: { hidden: [1], dropout: 0.5 }, training: { average: 0.9 }, objective: 'equal' });
  expect(mergeSettings({}, {})).toEqual({});
});

test('a candidate that begins where another stands keeps its groups, unless it has its own', () => {
  const first = { name: 'first', settings: { model: { dropout: 0 } }, groups: [['a'], ['b']] };
  const second = changed(first, { name: 'more', settings: { objective: 'uncertainty' } });
  expect(second).toEqual({
    name: 'first, more',
    settings: { model: { dropout: 0 }, objective: 'uncertainty' },
    groups: [['a'], ['b']],
  });
  expect(changed(first, { name: 'x', settings: {}, groups: [['a', 'b']] }).groups).toEqual([['a', 'b']]);
});

test('a config with settings over its own is a checked config, and everything else stays', () => {
  const own = configOf(config, { model: { sharing: 'mmoe', hidden: [16] }, objective: 'uncertainty' });
  expect(own.model).toMatchObject({ hidden: [16], tower: [8], sharing: { name: 'mmoe', experts: 8 } });
  expect(own.objective).toMatchObject({ weighting: { name: 'uncertainty' } });
  expect({ ...own, model: config.model, objective: config.objective }).toEqual(config);
  expect(() => configOf(config, { model: { dropout: 2 } })).toThrow(/dropout/);
});

test('paths of settings, by which what the user has said is left alone', () => {
  expect(pathsOf({ data: 'x', model: { hidden: [1], dropout: 0 }, training: {}, seeds: 3 })).toEqual([
    'data',
    'model.hidden',
    'model.dropout',
    'seeds',
  ]);
});

const standing: Standing = {
  best: { name: 'as configured', settings: {} },
  front: [{ name: 'as configured', settings: {} }],
  hidden: [128, 64],
  dropout: 0.3,
  learningRate: 1e-3,
  batchSize: 256,
  size: { rows: 1000, features: 10 },
  partitions: [[['a'], ['b']]],
};

test('every candidate of every stage is a config, under a name of its own', () => {
  for (const stages of Object.values(STAGES))
    for (const stage of stages) {
      const candidates = stage.candidates(standing);
      expect(new Set(candidates.map(({ name }) => name)).size).toBe(candidates.length);
      for (const { settings } of candidates) expect(() => configOf(config, settings)).not.toThrow();
    }
});

test('each task alone is searched over the same networks, and never over what needs several tasks', () => {
  const of = (side: keyof typeof STAGES): string[] =>
    STAGES[side].flatMap((stage) => stage.candidates(standing).map(({ name }) => name));
  expect(of('together')).toEqual(expect.arrayContaining(of('alone')));
  for (const stage of STAGES.alone)
    for (const { settings, groups } of stage.candidates(standing)) {
      expect(pathsOf(settings)).not.toContain('model.sharing');
      expect(pathsOf(settings)).not.toContain('objective');
      expect(groups).toBeUndefined();
    }
});

test('every network of the portfolio is for tables of some size', () => {
  const names = [100, 1e6].flatMap((rows) => portfolioFor({ rows, features: 10 }).map(({ name }) => name));
  expect(new Set(names)).toEqual(new Set(PORTFOLIO.map(({ name }) => name)));
});
