import { describe, expect, expectTypeOf, test } from 'vitest';
import { defineProblem, type Predictions } from './problem.ts';
import { binary, count, multiclass, multilabel, ordinal, regression, type Task, task } from './task.ts';

describe('a problem', () => {
  const problem = defineProblem({
    tasks: {
      income: binary({ positive: '>50K' }),
      pet: multiclass({ classes: ['cat', 'dog'] }),
      genre: multiclass(),
      tags: multilabel({ labels: ['red', 'round'] }),
      hours: regression({ column: 'hours-per-week' }),
      price: regression({ loss: 'quantile', quantiles: [0.1, 0.9] }),
      visits: count({ exposure: 'days' }),
      grade: ordinal({ classes: ['low', 'high'] }),
    },
  });

  test('is plain data', () => {
    expect(problem.layout).toBe('wide');
    expect(problem.tasks.hours).toEqual({ kind: 'regression', column: 'hours-per-week', options: {} });
    expect(problem.tasks.visits).toEqual({ kind: 'count', options: { exposure: 'days' } });
    expect(JSON.parse(JSON.stringify(problem))).toEqual(problem);
  });

  test('says in its type what is predicted', () => {
    type Row = Predictions<typeof problem>;
    expectTypeOf<Row['income']['probability']>().toEqualTypeOf<number>();
    expectTypeOf<Row['income']['label']>().toEqualTypeOf<boolean | string>();
    expectTypeOf<Row['pet']['label']>().toEqualTypeOf<'cat' | 'dog'>();
    expectTypeOf<Row['pet']['probabilities']>().toEqualTypeOf<Readonly<Record<'cat' | 'dog', number>>>();
    expectTypeOf<Row['genre']['label']>().toEqualTypeOf<string>();
    expectTypeOf<Row['tags']['labels']>().toEqualTypeOf<readonly ('red' | 'round')[]>();
    expectTypeOf<Row['hours']>().toEqualTypeOf<{ readonly value: number }>();
    expectTypeOf<Row['price']['quantiles']>().toEqualTypeOf<Readonly<Record<string, number>>>();
    expectTypeOf<Row['visits']['rate']>().toEqualTypeOf<number>();
    expectTypeOf<Row['grade']['expected']>().toEqualTypeOf<number>();
    expectTypeOf<Row>().not.toHaveProperty('incom');
    expectTypeOf<Row['hours']>().not.toHaveProperty('quantiles');
    expectTypeOf<Predictions<typeof problem.tasks>>().toEqualTypeOf<Row>();
    const row = undefined as unknown as Row | undefined;
    // @ts-expect-error a misspelt task is no task
    expect(row?.incom).toBeUndefined();
    // @ts-expect-error an option of another kind
    expect(() => binary({ smoothing: 0.1 })).toThrow(/task-options/);
  });

  test('that is long has one label column and a column of tasks', () => {
    const long = defineProblem({ tasks: { score: regression() }, by: 'school' });
    expect(long).toMatchObject({ layout: 'long', by: 'school' });
    expectTypeOf<Predictions<typeof long>['score']['value']>().toEqualTypeOf<number>();
  });

  test('that cannot be learned is refused', () => {
    const one = { score: regression() };
    expect(() => defineProblem({ tasks: {} })).toThrow(/problem-invalid/);
    expect(() => defineProblem({ tasks: one, layout: 'long' })).toThrow(/at by/);
    expect(() => defineProblem({ tasks: one, layout: 'wide', by: 'school' })).toThrow(/at by/);
    expect(() => defineProblem({ tasks: { ...one, more: count() }, by: 'school' })).toThrow(
      /one label column/,
    );
    const read: Task = { kind: 'regresion', options: {} };
    expect(() => defineProblem({ tasks: { y: read } })).toThrow('Did you mean "regression"?');
    expect(() => defineProblem({ tasks: { y: { kind: 'binary', options: { x: 1 } } } })).toThrow(
      /tasks\.y\.x/,
    );
    expect(() => task('count', { exposure: 3 }, 'tasks.visits')).toThrow(/tasks\.visits\.exposure/);
  });
});
