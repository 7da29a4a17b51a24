import { describe, expect, test } from 'vitest';
import { AGGREGATIONS, chooseObjective, LOSS_WEIGHTINGS, needsBaselines, objectiveSpec } from './index.ts';

describe('reading an objective', () => {
  test.each([
    ['equal', 'equal', undefined, 'shared'],
    ['uncertainty:init=1', 'uncertainty', undefined, 'shared'],
    ['cagrad:c=0.4', 'equal', 'cagrad', 'shared'],
    ['uncertainty+pcgrad', 'uncertainty', 'pcgrad', 'shared'],
    ['fixed:weights=a=2+b=1+mgda:over=last', 'fixed', 'mgda', 'last'],
    ['dwa:temperature=1+cagrad:over=representation,c=0.4', 'dwa', 'cagrad', 'representation'],
    ['mgda-ub', 'equal', 'mgda-ub', 'representation'],
  ])('%s', (text, weighting, aggregation, over) => {
    const chosen = chooseObjective(text);
    expect(chosen.weighting.weighting.name).toBe(weighting);
    expect(chosen.aggregation?.aggregation.name).toBe(aggregation);
    expect(chosen.over).toBe(over);
  });

  test('options reach their method', () => {
    expect(chooseObjective('dwa:temperature=1+cagrad:over=last,c=0.4').aggregation!.options).toMatchObject({
      c: 0.4,
    });
    expect(chooseObjective('fixed:weights=a=2+b=1+mgda').weighting.options).toMatchObject({
      weights: { a: 2, b: 1 },
    });
    expect(
      chooseObjective('uncertainty+cagrad:preference=a=2+b=1,over=last').aggregation!.options,
    ).toMatchObject({ preference: { a: 2, b: 1 } });
    expect(chooseObjective({ name: 'cagrad', c: 0.3, over: 'last' })).toMatchObject({
      over: 'last',
      aggregation: { options: { c: 0.3 } },
    });
  });

  test.each([
    ...Object.keys(LOSS_WEIGHTINGS),
    'cagrad:over=last',
    'gradvac:by=layer',
    'dwa+mgda:over=trunk/mlp/0+trunk/mlp/1',
    'uncertainty+nash',
  ])('%s is the same again from its plain data', (text) => {
    const chosen = chooseObjective(text);
    const again = chooseObjective(JSON.parse(JSON.stringify(objectiveSpec(chosen))));
    expect(objectiveSpec(again)).toEqual(objectiveSpec(chosen));
    expect(again.name).toBe(chosen.name);
  });

  test.each([
    ['unsure', 'objective-unknown'],
    ['unsure+mgda', 'objective-unknown'],
    ['mgda+equal', 'objective-invalid'],
    ['equal+log', 'objective-invalid'],
    ['cagrad:over=all', 'objective-invalid'],
    ['cagrad:d=1', 'objective-invalid'],
  ])('%s is refused: %s', (text, code) => {
    expect(() => chooseObjective(text)).toThrow(expect.objectContaining({ code }));
  });

  test('only what compares with independent models needs to know what they reach', () => {
    const needing = Object.keys(LOSS_WEIGHTINGS).filter((name) => needsBaselines(chooseObjective(name)));
    expect(needing).toEqual(['excess']);
    expect(needsBaselines(chooseObjective('excess+mgda'))).toBe(true);
    expect(needsBaselines(chooseObjective('mgda'))).toBe(false);
  });

  test('no name is both a weighting and an aggregation', () => {
    expect(Object.keys(LOSS_WEIGHTINGS).filter((name) => Object.hasOwn(AGGREGATIONS, name))).toEqual([]);
  });
});
