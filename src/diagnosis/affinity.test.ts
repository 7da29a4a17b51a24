import { expect, test } from 'vitest';
import { type AffinityJSON, affinityFrom } from './affinity.ts';

const tasks = ['a', 'b'];
const values = [
  [1, 2],
  [3, null],
];

test('rows are tasks that give, or tasks that gain', () => {
  const giving = affinityFrom({ tasks, rows: 'source', values });
  const gaining = affinityFrom({ tasks, rows: 'target', values });
  expect([giving.benefit(1, 0), giving.benefit(0, 1)]).toEqual([2, 3]);
  expect([gaining.benefit(1, 0), gaining.benefit(0, 1)]).toEqual([3, 2]);
  expect([giving.benefit(0, 0), giving.benefit(1, 1), giving.benefit(0, 2)]).toEqual([1, null, null]);
});

test('JSON tells what rows are and comes back the same', () => {
  for (const rows of ['source', 'target'] as const) {
    const affinity = affinityFrom({ tasks, rows, values });
    const json = JSON.parse(JSON.stringify(affinity)) as AffinityJSON;
    expect(json).toEqual({ tasks, rows, values });
    const back = affinityFrom(json);
    for (const to of [0, 1])
      for (const from of [0, 1]) expect(back.benefit(to, from)).toBe(affinity.benefit(to, from));
  }
});

test('what is handed in may change afterwards', () => {
  const own = [
    [0, 1],
    [2, 0],
  ];
  const affinity = affinityFrom({ tasks, rows: 'target', values: own });
  own[0]![1] = 9;
  expect(affinity.benefit(0, 1)).toBe(1);
});

test.each<[string, object]>([
  ['affinity.rows', { rows: 'columns' }],
  ['affinity.rows', { rows: undefined }],
  ['affinity.tasks', { tasks: ['a', 'a'] }],
  ['affinity.values', { values: [[1, 2]] }],
  ['affinity.values', { values: [[1, 2], [3]] }],
  ['affinity.values', { tasks: ['a'] }],
  [
    'affinity.values[1][0]',
    {
      values: [
        [1, 2],
        [Number.NaN, 4],
      ],
    },
  ],
  [
    'affinity.values[0][1]',
    {
      values: [
        [1, Infinity],
        [3, 4],
      ],
    },
  ],
])('refused at %s: %o', (path, change) => {
  const json = { tasks, rows: 'source', values, ...change } as AffinityJSON;
  expect(() => affinityFrom(json)).toThrow(expect.objectContaining({ code: 'affinity-invalid', path }));
});
