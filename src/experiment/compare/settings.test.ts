import { expect, test } from 'vitest';
import { parseConfig } from '../config.ts';
import { fiveTasks } from '../report/fixtures.ts';
import { differences, settingsOf, settingsOfRun } from './settings.ts';

test('settings are paths and plain values; the name of a method stands at the method', () => {
  expect(
    settingsOf({
      seeds: 3,
      model: { sharing: { name: 'mmoe', experts: 8 }, hidden: [64, 32] },
      weight: undefined,
    }),
  ).toEqual({ seeds: 3, 'model.sharing': 'mmoe', 'model.sharing.experts': 8, 'model.hidden': [64, 32] });
});

test.each<[string, object[], string[]]>([
  ['nothing', [{ seeds: 3 }, { seeds: 3 }], []],
  ['a value', [{ seeds: 3 }, { seeds: 5 }, { seeds: 3 }], ['seeds']],
  ['a list', [{ model: { hidden: [64] } }, { model: { hidden: [64, 32] } }], ['model.hidden']],
  ['what one has alone', [{ seeds: 3 }, { seeds: 3, weight: 'w' }], ['weight']],
  [
    'a method, whose options only one of them has',
    [{ model: { sharing: { name: 'mmoe', experts: 8 } } }, { model: { sharing: { name: 'shared-bottom' } } }],
    ['model.sharing'],
  ],
  [
    'an option of a method that both have',
    [
      { model: { sharing: { name: 'mmoe', experts: 8 } } },
      { model: { sharing: { name: 'mmoe', experts: 4 } } },
    ],
    ['model.sharing.experts'],
  ],
])('differences: %s', (_, configs, expected) => {
  expect(differences(configs.map(settingsOf))).toEqual(expected);
});

test('of a run: neither data nor folder, the ways that it took, and options of its objective', () => {
  const config = parseConfig({
    data: 'a.csv',
    out: 'runs/a',
    tasks: { a: {}, b: {} },
    model: { sharing: 'ple' },
    objective: 'cagrad:c=0.3',
  });
  const settings = settingsOfRun(config, fiveTasks());
  expect(settings).toMatchObject({ 'model.sharing': 'shared-bottom', objective: 'equal', seeds: 3 });
  expect(Object.keys(settings)).not.toEqual(expect.arrayContaining(['data']));
  expect(Object.keys(settings).filter((path) => path.startsWith('out'))).toEqual([]);
  expect(Object.entries(settings)).toContainEqual(['objective.aggregation.c', 0.3]);
});
