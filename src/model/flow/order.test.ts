import { describe, expect, test } from 'vitest';
import { headsOf } from './flow.test-support.ts';
import { levelsOf } from './order.ts';
import { checkFlow, chooseFlow } from './registry.ts';

const heads = headsOf({
  click: { kind: 'binary' },
  buy: { kind: 'binary' },
  spend: { kind: 'regression' },
});

const refusal = (flow: Parameters<typeof chooseFlow>[0], long = false): unknown => {
  try {
    checkFlow(chooseFlow(flow), { heads, long });
    return undefined;
  } catch (error) {
    return error;
  }
};

test.each([
  ['none', undefined],
  ['esmm:path=click+buy', undefined],
  ['aitm:path=click+buy,strength=0', undefined],
  ['conditional:parents=click>buy+buy>spend+click>spend,given=labels', undefined],
  ['esmn:path=click+buy', { code: 'flow-unknown', help: 'Did you mean "esmm"?' }],
  ['esmm:path=click+bye', { code: 'flow-invalid', path: 'model.flow.path', found: 'bye' }],
  ['esmm:path=click', { code: 'flow-invalid', found: 'click' }],
  ['esmm', { code: 'flow-invalid', found: 'none' }],
  ['esmm:path=click+spend', { code: 'flow-invalid', found: 'spend, of kind regression' }],
  ['aitm:path=click+spend', { code: 'flow-invalid', found: 'spend, of kind regression' }],
  ['esmm:path=click+buy+click', { code: 'flow-invalid', found: 'click → buy → click' }],
  ['aitm:path=click+click', { code: 'flow-invalid', found: 'click → click' }],
  ['aitm:path=click+buy,strength=-1', { code: 'flow-invalid', path: 'model.flow.strength' }],
  ['conditional', { code: 'flow-invalid', path: 'model.flow.parents' }],
  ['conditional:parents=click', { code: 'flow-invalid', path: 'model.flow.parents' }],
  ['conditional:parents=clik>buy', { code: 'flow-invalid', help: 'Did you mean "click"?' }],
  [
    'conditional:parents=click>buy+buy>spend+spend>click',
    { code: 'flow-invalid', found: expect.stringMatching(/^(\w+) → \w+ → \w+ → \1$/) },
  ],
  ['conditional:parents=buy>buy', { code: 'flow-invalid', found: 'buy → buy' }],
])('%s', (flow, expected) => {
  const error = refusal(flow);
  if (expected === undefined) expect(error).toBeUndefined();
  else expect(error).toMatchObject(expected);
});

test('a cycle is named in the direction of the flow', () => {
  const steps = [
    ['click', 'buy'],
    ['buy', 'spend'],
    ['spend', 'click'],
  ];
  const { found } = refusal({ name: 'conditional', parents: steps }) as { found: string };
  for (const [from, to] of steps) expect(`${found} → ${found.split(' → ')[1]}`).toContain(`${from} → ${to}`);
});

test('rows of one task each have no flow', () => {
  expect(refusal('esmm:path=click+buy', true)).toMatchObject({ code: 'flow-invalid', path: 'model.flow' });
  expect(refusal('none', true)).toBeUndefined();
});

describe('conditional', () => {
  test('parents as text, by task and as pairs are the same, and stay it', () => {
    const pairs = [
      ['click', 'buy'],
      ['click', 'spend'],
    ];
    for (const parents of ['click>buy+click>spend', { buy: ['click'], spend: 'click' }, pairs])
      expect(chooseFlow({ name: 'conditional', parents }).options).toMatchObject({ parents: pairs });
  });

  test('tasks stand in levels above all of their parents', () => {
    expect(levelsOf(['a', 'b', 'c', 'd', 'e'], { b: ['a'], d: ['b', 'a'], e: ['a'] })).toEqual([
      ['a', 'c'],
      ['b', 'e'],
      ['d'],
    ]);
  });
});
