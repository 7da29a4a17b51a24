import { expect, test } from 'vitest';
import { AGGREGATIONS, chooseObjective, LOSS_WEIGHTINGS, objectiveSpec } from './index.ts';
import { withPreference } from './preferring.ts';

const preference = { a: 0.9, b: 0.1 };
const preferring = (text: string): unknown => withPreference(chooseObjective(text), preference);

test.each([
  ['stch:mu=0.5', { weighting: { name: 'stch', mu: 0.5, preference } }],
  ['fixed', { weighting: { name: 'fixed', weights: preference } }],
  ['uncertainty+cagrad:c=0.4', { weighting: { name: 'uncertainty' }, aggregation: { c: 0.4, preference } }],
  ['stch+pcgrad', { weighting: { name: 'stch', preference }, aggregation: { name: 'pcgrad' } }],
  // Large losses are wanted where a task matters little.
  ['pbi', { weighting: { name: 'pbi', preference: { a: expect.closeTo(0.1), b: expect.closeTo(0.9) } } }],
  // One part alone has it, so that it does not count twice.
  [
    'stch+cagrad:over=last',
    { weighting: { preference: 'equal' }, aggregation: { preference }, over: 'last' },
  ],
])('%s takes a preference', (text, parts) => {
  const found = preferring(text);
  expect(found).toMatchObject(parts);
  const again = chooseObjective(found as Parameters<typeof chooseObjective>[0]);
  expect(objectiveSpec(again)).toEqual(found);
});

test('every method that prefers takes one, and every other is told which do', () => {
  for (const [name, { prefers, ...method }] of Object.entries({ ...LOSS_WEIGHTINGS, ...AGGREGATIONS })) {
    if ('batches' in method) continue;
    if (prefers) expect(JSON.stringify(preferring(name))).toMatch(/"(preference|weights)":{"a":0\.\d+,"b"/);
    else
      expect(() => preferring(name)).toThrow(
        expect.objectContaining({
          code: 'objective-invalid',
          found: name,
          expected: expect.stringMatching(/: fixed \| stch .*\| cosmos \| mean .*cagrad/),
        }),
      );
  }
});

test('a preference of its own stands in the way', () => {
  expect(() => preferring('fixed:weights=a=2')).toThrow(
    expect.objectContaining({ code: 'objective-invalid', path: 'objective.weights', found: '{"a":2}' }),
  );
});
