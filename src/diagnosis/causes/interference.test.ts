import { describe, expect, test } from 'vitest';
import { HELPED, HURT, made, observed } from './fixture.test-support.ts';
import { conflictThreshold, interference } from './interference.ts';

const HURT_PAIR = made([
  { name: 'a', delta: HURT },
  { name: 'b', delta: HURT },
]);
const FIRST = 'trunk/mlp/0';
const SECOND = 'trunk/mlp/1';

describe('interference', () => {
  test('the threshold is 0.1, and that of a mean over few looks', () => {
    expect([400, 100, 25].map(conflictThreshold)).toEqual([0.1, 0.1, 0.2]);
  });

  test('a cosine beyond it is a cause, one short of it is none', () => {
    const cause = interference.find(observed(HURT_PAIR, { [FIRST]: [-0.11] }))!;
    expect(cause).toMatchObject({
      code: 'interference',
      bearing: 'hurts',
      tasks: ['a', 'b'],
      layers: [FIRST],
      statistic: { value: -0.11, threshold: -0.1 },
    });
    expect(interference.find(observed(HURT_PAIR, { [FIRST]: [-0.09] }))).toBeUndefined();
    expect(interference.find(observed(HURT_PAIR, { [FIRST]: [-0.15] }, { looks: 36 }))).toBeUndefined();
    expect(interference.find(observed(HURT_PAIR, { [FIRST]: [-0.18] }, { looks: 36 }))).toBeDefined();
  });

  test('conflict without harm is none, nor is that of tasks that were not harmed', () => {
    const helped = made([
      { name: 'a', delta: HELPED },
      { name: 'b', delta: HELPED },
      { name: 'c', delta: HURT },
    ]);
    expect(interference.find(observed(helped, { [FIRST]: [-0.9, 0, 0] }))).toBeUndefined();
    expect(interference.find(observed(helped, { [FIRST]: [-0.9, 0, -0.5] }))?.tasks).toEqual(['b', 'c']);
  });

  test('lengths are told beside: 2ab/(a² + b²)', () => {
    const cause = interference.find(observed(HURT_PAIR, { [FIRST]: [-0.5] }, { norms: [1, 3] }))!;
    expect(cause.sentence).toContain('(cosine −0.50, magnitude similarity 0.60)');
  });

  test('few looks, or none, cannot tell', () => {
    expect(interference.applies(HURT_PAIR)).toBe(false);
    expect(interference.applies(observed(HURT_PAIR, { [FIRST]: [-0.9] }, { looks: 7 }))).toBe(false);
    expect(interference.applies(observed(HURT_PAIR, { [FIRST]: [-0.9] }, { looks: 8 }))).toBe(true);
  });

  test('it lies where cosines are at least half of the lowest', () => {
    const at = (first: number, second: number): readonly string[] =>
      interference.find(observed(HURT_PAIR, { [FIRST]: [first], [SECOND]: [second] }))!.layers!;
    expect(at(-0.8, -0.3)).toEqual([FIRST]);
    expect(at(-0.8, -0.5)).toEqual([FIRST, SECOND]);
    expect(at(0.3, -0.5)).toEqual([SECOND]);
  });

  test('advice follows the place: split off from the top, own heads, experts', () => {
    const advised = (layers: Readonly<Record<string, readonly number[]>>): unknown =>
      interference.find(observed(HURT_PAIR, layers))!.advice[0]!.settings;
    const sharing = (value: string): unknown => [{ path: 'model.sharing', value }];
    expect(advised({ [FIRST]: [0.2], [SECOND]: [-0.5] })).toEqual(sharing('shared-bottom:split=1'));
    expect(advised({ [FIRST]: [-0.5], [SECOND]: [-0.5] })).toEqual(sharing('shared-bottom:split=1'));
    expect(advised({ [FIRST]: [-0.5], [SECOND]: [0] })).toEqual(sharing('mmoe'));
    expect(advised({ [SECOND]: [0], 'heads/binary': [-0.5] })).toEqual(sharing('shared-bottom'));
  });
});
