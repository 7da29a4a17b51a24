import { describe, expect, test } from 'vitest';
import { PolytaskError } from '../../common/error.ts';
import type { Column } from '../../common/table.ts';
import { MOST_CLASSES } from '../classes.ts';
import { metricWeights } from '../evaluate.ts';
import type { Companions, EncodedLabels, FittedTask } from '../kind.ts';
import { kindOf } from '../registry.ts';

type Value = string | number | boolean | null;

/** A column of whatever type its first value has. */
function column(values: readonly Value[], name = 'label'): Column {
  const first = values.find((value) => value !== null);
  if (typeof first === 'string') {
    const dictionary = [...new Set(values.filter((value) => value !== null))] as string[];
    const codes = Int32Array.from(values, (value) => dictionary.indexOf(value as string));
    return { type: 'string', name, codes, dictionary };
  }
  const numbers = Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
  if (typeof first === 'boolean') return { type: 'boolean', name, values: numbers };
  return { type: 'number', name, values: numbers, integer: false };
}

interface Result {
  fitted: FittedTask & Record<string, unknown>;
  encoded: EncodedLabels;
  decode(...outputs: number[]): unknown;
}

function learn(
  name: string,
  train: readonly Value[],
  options: object = {},
  all: readonly Value[] = train,
  companions: Companions = {},
): Result {
  const kind = kindOf(name);
  const rows = Int32Array.from(train, (_, row) => row);
  const fitted = kind.fit('t', column(all), rows, kind.parseOptions(options, 'tasks.t'), companions);
  return {
    fitted: fitted as Result['fitted'],
    encoded: kind.encode(column(all), fitted, companions),
    decode: (...outputs) => kind.decode(outputs, 0, fitted),
  };
}

function failure(action: () => unknown): PolytaskError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(PolytaskError);
    return error as PolytaskError;
  }
  throw new Error('nothing was thrown');
}

describe('binary', () => {
  test('the positive class is the later one, or the one that says yes, or the chosen one', () => {
    expect(learn('binary', ['>50K', '<=50K']).fitted.classes).toEqual(['<=50K', '>50K']);
    expect(learn('binary', ['yes', 'zzz']).fitted.classes).toEqual(['zzz', 'yes']);
    expect(learn('binary', [1, 0]).fitted.classes).toEqual(['0', '1']);
    expect(learn('binary', [10, 9]).fitted.classes).toEqual(['9', '10']);
    expect(learn('binary', [true, false], { positive: false }).fitted.classes).toEqual(['true', 'false']);
  });

  test('labels come back as they stood', () => {
    expect(learn('binary', [true, false]).decode(0.7)).toEqual({ probability: 0.7, label: true });
    expect(learn('binary', [1, 0]).decode(0.2)).toEqual({ probability: 0.2, label: false });
    expect(learn('binary', ['won', 'lost'], { threshold: 0.1 }).decode(0.2)).toEqual({
      probability: 0.2,
      label: 'won',
    });
    expect(learn('binary', [true, false], { positive: false }).decode(0.7)).toEqual({
      probability: 0.7,
      label: false,
    });
  });

  test('weights: 0 where missing, balanced within the training rows, and none in the metrics', () => {
    const { encoded } = learn('binary', [1, 0, 0, 0, null], { classWeights: 'balanced' }, [
      1,
      0,
      0,
      0,
      null,
      1,
    ]);
    expect([...encoded.weights]).toEqual([2, 2 / 3, 2 / 3, 2 / 3, 0, 2].map(Math.fround));
    expect([...metricWeights(encoded.weights)]).toEqual([1, 1, 1, 1, 0, 1]);
    expect([...metricWeights(encoded.weights, [5, 1, 1, 2, 9, 1])]).toEqual([5, 1, 1, 2, 0, 1]);
    const named = learn('binary', ['a', 'b'], { classWeights: { a: 3 } });
    expect([...named.encoded.weights]).toEqual([3, 1]);
  });

  test('a label outside the training rows is no label, and counted', () => {
    const { encoded } = learn('binary', ['a', 'b'], {}, ['a', 'b', 'c', null, 'c']);
    expect([...encoded.weights]).toEqual([1, 1, 0, 0, 0]);
    expect(encoded.unseen).toBe(2);
  });

  test('errors', () => {
    expect(failure(() => learn('binary', ['a', 'b', 'c'])).code).toBe('classes-too-many');
    expect(failure(() => learn('binary', ['a', 'a', null])).code).toBe('task-constant');
    expect(failure(() => learn('binary', ['a', 'a'], {}, ['a', 'a', 'b'])).code).toBe('task-constant');
    expect(failure(() => learn('binary', [null, null], {}, [null, null, 'b'])).code).toBe('task-unlabelled');
    expect(failure(() => learn('binary', ['won', 'lost'], { positive: 'wom' })).help).toContain('"won"');
    expect(failure(() => learn('binary', ['a', 'b'], { classWeights: { a: 1, bb: 1 } })).code).toBe(
      'class-unknown',
    );
    expect(failure(() => learn('binary', ['a', 'b'], { classWeights: { a: 0 } })).code).toBe('task-options');
    expect(failure(() => learn('binary', ['a', 'b'], { positiv: 'a' })).help).toContain('"positive"');
    expect(failure(() => learn('binary', [0, 1, Number.POSITIVE_INFINITY])).code).toBe('value-not-finite');
  });
});

describe('multiclass', () => {
  test('classes in order, and decoded', () => {
    const { fitted, encoded, decode } = learn('multiclass', [10, 9, 100, null]);
    expect(fitted.classes).toEqual(['9', '10', '100']);
    expect([...encoded.targets]).toEqual([1, 0, 2, 0]);
    expect(decode(0.2, 0.3, 0.5)).toEqual({ label: '100', probabilities: { 9: 0.2, 10: 0.3, 100: 0.5 } });
    expect(learn('multiclass', ['b', 'a'], { classes: ['b', 'a', 'c'] }).fitted.classes).toEqual([
      'b',
      'a',
      'c',
    ]);
  });

  test('errors', () => {
    const many = Array.from({ length: MOST_CLASSES + 5 }, (_, i) => `${i}x`);
    expect(failure(() => learn('multiclass', many)).code).toBe('classes-too-many');
    expect(
      failure(() =>
        learn(
          'multiclass',
          many.map((_, i) => i),
        ),
      ).code,
    ).toBe('classes-too-many');
    const typo = failure(() => learn('multiclass', ['cat', 'dog'], { classes: ['cat', 'dgo'] }));
    expect([typo.code, typo.help]).toEqual(['class-unknown', 'Did you mean "dog"?']);
    expect(failure(() => learn('multiclass', ['a', 'b'], { classes: ['a', 'a'] })).code).toBe('task-options');
    expect(failure(() => learn('multiclass', ['a', 'b'], { smoothing: 1 })).code).toBe('task-options');
    const dates: Column = { type: 'date', name: 'day', values: Float64Array.of(1, 2) };
    const kind = kindOf('multiclass');
    expect(failure(() => kind.fit('t', dates, Int32Array.of(0, 1), {})).code).toBe('column-type');
  });
});

describe('multilabel', () => {
  test('lists of all forms', () => {
    const forms = [
      ['red|round', 'blue'],
      ['red, round', 'blue'],
      ['["round", "red"]', '["blue"]'],
      ["['round', 'red']", "['blue']"],
    ];
    for (const values of forms) {
      const { fitted, encoded } = learn('multilabel', values);
      expect(fitted.labels).toEqual(['blue', 'red', 'round']);
      expect([...encoded.labels]).toEqual([0, 1, 1, 1, 0, 0]);
    }
  });

  test('an empty list is labelled, a missing one is not, and a new label leaves the known ones', () => {
    const { encoded, decode } = learn('multilabel', ['a|b', 'b', '[]'.slice(2)], {}, [
      'a|b',
      'b',
      '',
      null,
      'a|z',
    ]);
    expect([...encoded.weights]).toEqual([1, 1, 1, 0, 1]);
    expect([...encoded.targets]).toEqual([1, 1, 0, 1, 0, 0, 0, 0, 1, 0]);
    expect(encoded.unseen).toBe(1);
    expect(decode(0.6, 0.4)).toEqual({ labels: ['a'], probabilities: { a: 0.6, b: 0.4 } });
  });

  test('errors', () => {
    expect(failure(() => learn('multilabel', [1, 2])).code).toBe('column-type');
    expect(failure(() => learn('multilabel', ['', ''])).code).toBe('task-constant');
    expect(failure(() => learn('multilabel', ['["a"', '["b"]'], { separator: 'json' })).code).toBe(
      'label-invalid',
    );
  });
});

describe('regression', () => {
  test('statistics are those of the training rows; results are in the units of the target', () => {
    const { fitted, encoded, decode } = learn('regression', [1, 3, null], {}, [1, 3, null, 100]);
    expect(fitted).toMatchObject({ mean: 2, deviation: 1, labelled: 2 });
    expect([...encoded.labels]).toEqual([-1, 1, 0, 98]);
    expect([...encoded.targets]).toEqual([1, 3, 0, 100]);
    expect(decode(7)).toEqual({ value: 7 });
  });

  test('quantiles are sorted, named, and the middle one is the value', () => {
    const { fitted, decode } = learn('regression', [1, 3, 8], {
      loss: 'quantile',
      quantiles: [0.9, 0.1, 0.5],
    });
    expect(fitted.quantiles).toEqual([0.1, 0.5, 0.9]);
    expect(decode(1, 2, 3)).toEqual({ value: 2, quantiles: { '0.1': 1, '0.5': 2, '0.9': 3 } });
  });

  test('errors', () => {
    expect(failure(() => learn('regression', ['1', 'x'])).message).toContain('"x"');
    expect(failure(() => learn('regression', [1, Number.NEGATIVE_INFINITY])).code).toBe('value-not-finite');
    expect(
      failure(() => learn('regression', [1, 2], {}, [1, 2, Number.POSITIVE_INFINITY])).message,
    ).toContain('row 3');
    expect(failure(() => learn('regression', [5, 5, null])).code).toBe('task-constant');
    expect(failure(() => learn('regression', [null])).code).toBe('task-unlabelled');
    expect(failure(() => learn('regression', [0, -1], { transform: 'log1p' })).code).toBe('label-invalid');
    for (const quantiles of [[0], [1], [0.5, 0.5], [], [Number.NaN], '0.5'])
      expect(failure(() => learn('regression', [1, 2], { quantiles })).path).toBe('tasks.t.quantiles');
    expect(failure(() => learn('regression', [1, 2], { loss: 'mae' })).expected).toContain('"huber"');
  });
});

describe('count', () => {
  const days = (values: readonly Value[]): Companions => ({ exposure: column(values, 'days') });

  test('the rate is per unit of exposure; rows without exposure are not labelled', () => {
    const companions = days([1, 3, null, 4]);
    const { fitted, encoded } = learn('count', [2, 6, 1, 0], { exposure: 'days' }, [2, 6, 1, 0], companions);
    expect(fitted).toMatchObject({ rate: 1, labelled: 3 });
    expect([...encoded.weights]).toEqual([1, 1, 0, 1]);
    expect([...encoded.targets]).toEqual([2, 1, 6, 3, 0, 0, 0, 4]);
    expect(kindOf('count').companions!({ exposure: 'days' })).toEqual({ exposure: 'days' });
  });

  test('errors', () => {
    expect(failure(() => learn('count', [1, -2])).code).toBe('label-invalid');
    expect(failure(() => learn('count', [1, 0.5])).help).toContain('regression');
    expect(failure(() => learn('count', [0, 0])).code).toBe('task-constant');
    expect(failure(() => learn('count', [0, 1], { exposure: 'days' })).path).toBe('tasks.t.exposure');
    expect(failure(() => learn('count', [0, 1], { exposure: 'days' }, [0, 1], days([1, 0]))).code).toBe(
      'label-invalid',
    );
  });
});

describe('ordinal', () => {
  test('the order is known, numeric, or given', () => {
    expect(learn('ordinal', ['high', 'low', 'medium']).fitted.classes).toEqual(['low', 'medium', 'high']);
    expect(learn('ordinal', [10, 2, 5]).fitted).toMatchObject({
      classes: ['2', '5', '10'],
      values: [2, 5, 10],
    });
    expect(learn('ordinal', ['p', 'q'], { classes: ['q', 'p'] }).fitted.classes).toEqual(['q', 'p']);
  });

  test('the expected value is in the classes where they are numbers, else in ranks', () => {
    expect(learn('ordinal', [10, 2, 5]).decode(0.5, 0, 0.5)).toMatchObject({ label: '2', expected: 6 });
    expect(learn('ordinal', ['low', 'high']).decode(0.25, 0.75)).toEqual({
      label: 'high',
      expected: 0.75,
      probabilities: { low: 0.25, high: 0.75 },
    });
  });

  test('errors', () => {
    expect(failure(() => learn('ordinal', ['p', 'q', 'r'])).path).toBe('tasks.t.classes');
    expect(failure(() => learn('ordinal', [3, 3])).code).toBe('task-constant');
    expect(failure(() => learn('ordinal', [1, 2], { classes: [1] })).code).toBe('task-options');
  });
});
