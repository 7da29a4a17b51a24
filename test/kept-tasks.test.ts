import { describe, expect, test } from 'vitest';
import type { Artefact } from '../src/artefact/index.ts';
import type { RunConfigInput } from '../src/experiment/index.ts';
import { ofTasks } from '../src/experiment/of-tasks.ts';
import { selectTasks, type WholeModel } from '../src/experiment/select-tasks.ts';
import { Model, openRuntime } from '../src/index.ts';
import { SHARINGS } from '../src/model/index.ts';
import { sampleRows } from './support/sample.ts';
import { prepareProblem, untrained } from './support/untrained.ts';

const rows = sampleRows(60).map((row, i) => ({
  x: i % 11 === 0 ? null : Number(row.x),
  z: Number(row.x) ** 2,
  colour: row.colour,
  flag: row.flag,
  late: i % 3 === 0 ? 'yes' : 'no',
  amount: Number(row.amount),
  cost: Number(row.amount) * 2 + i,
  size: row.size,
  tags: row.tags,
  school: row.school,
}));
const WIDE: RunConfigInput['tasks'] = {
  flag: { kind: 'binary' },
  amount: { kind: 'regression' },
  size: { kind: 'ordinal' },
  late: { kind: 'binary' },
  cost: { kind: 'regression' },
};
const MODEL = { hidden: [12, 8], tower: [5] };
const OPTIONS: Readonly<Record<string, string>> = { youtube: 'youtube:position=colour' };

const wide = (model: object): RunConfigInput => ({
  data: rows,
  tasks: WIDE,
  exclude: ['tags', 'school'],
  model: { ...MODEL, ...model },
});
const long = (model: object): RunConfigInput => ({
  data: rows,
  tasks: { amount: { kind: 'regression' } },
  by: 'school',
  exclude: ['tags', 'flag', 'late', 'size', 'cost'],
  model: { ...MODEL, ...model },
});

/** Opened on a runtime of its own. */
const open = async (model: WholeModel): Promise<Model> =>
  Model.open({ ...model, described: undefined } as Artefact, await openRuntime({ worker: false }));

/** Kept tasks are predicted as before, from a file that is smaller. */
async function expectSame(whole: WholeModel, names: readonly string[], smaller = true): Promise<WholeModel> {
  const kept = selectTasks(whole, names);
  const { by } = whole.signature;
  const asked = by === undefined ? rows : rows.filter((row) => names.includes(String(row.school)));
  const [before, after] = await Promise.all([whole, kept].map(open));
  expect(after!.tasks).toEqual(
    whole.signature.tasks.map(({ fitted }) => fitted.name).filter((name) => names.includes(name)),
  );
  const [was, is] = [await before!.predict(asked), await after!.predict(asked)];
  asked.forEach((_, i) => {
    if (by === undefined) expect(Object.keys(is[i]!).sort()).toEqual([...names].sort());
    for (const [name, value] of Object.entries(is[i]!))
      near(value, (was[i] as Record<string, unknown>)[name]);
  });
  if (smaller) expect(kept.graph.length).toBeLessThan(whole.graph.length);
  else expect(kept.graph.length).toBeLessThanOrEqual(whole.graph.length + 300);
  if (by !== undefined) {
    const stranger = rows.find((row) => !names.includes(String(row.school)))!;
    await expect(after!.predict([stranger])).rejects.toMatchObject({ code: 'task-unknown' });
  }
  await Promise.all([before!.close(), after!.close()]);
  return kept;
}

function near(found: unknown, expected: unknown): void {
  if (typeof expected === 'number')
    expect(Math.abs((found as number) - expected)).toBeLessThanOrEqual(
      1e-6 * Math.max(1, Math.abs(expected)),
    );
  else if (typeof expected !== 'object' || expected === null) expect(found).toBe(expected);
  else
    for (const [key, value] of Object.entries(expected)) near((found as Record<string, unknown>)[key], value);
}

describe.each(Object.keys(SHARINGS))('%s', (name) => {
  const sharing = OPTIONS[name] ?? name;

  test.each([[['flag']], [['size', 'cost']], [['amount', 'late', 'cost']]])(
    'a column a task: %j',
    async (names) => {
      const problem = await prepareProblem(wide({ sharing }));
      const whole = await untrained(problem, [{ sharing, prepared: problem.prepared }]);
      const kept = await expectSame(whole, names);
      // What was cut once is cut again.
      if (names.length > 1) await expectSame(kept, names.slice(1));
    },
  );

  test('a value a task', async () => {
    const model = name === 'youtube' ? 'mmoe' : sharing;
    const problem = await prepareProblem(long({ sharing: model }));
    const whole = await untrained(problem, [{ sharing: model, prepared: problem.prepared }]);
    const kept = await expectSame(whole, ['s1', 's3', 's0']);
    // Common weights of rank 3 are no model of one task: what is known of the others stays.
    await expectSame(kept, ['s3'], name !== 'factorised');
  });
});

describe('with', () => {
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ['a flow', { sharing: 'mmoe', flow: 'esmm:path=flag+late' }, ['late', 'size']],
    ['a flow that the task is not in', { sharing: 'mmoe', flow: 'aitm:path=flag+late' }, ['size']],
    ['parents', { flow: 'conditional:parents=flag>amount' }, ['amount']],
    ['z as one-hot', { conditioning: 'film' }, ['size', 'cost']],
    [
      'an ensemble over embedded numbers',
      { encoder: 'ensemble:members=3', numeric: 'piecewise-linear:bins=4' },
      ['flag'],
    ],
    ['towers', { sharing: 'cross-stitch', tower: [9, 6] }, ['amount']],
    ['shared heads', { sharing: 'shared-bottom:heads=shared' }, ['cost', 'size']],
  ];

  test.each(cases)('%s', async (_, model, names) => {
    const problem = await prepareProblem(wide(model));
    const { sharing } = problem.config.model;
    const whole = await untrained(problem, [{ sharing, prepared: problem.prepared }]);
    await expectSame(whole, names, !('flow' in model));
  });

  test('z that describes tasks', async () => {
    const described = { sharing: 'shared-bottom:heads=shared', conditioning: 'concat' };
    const tasks = Object.fromEntries(
      Object.entries(WIDE).map(([name, task], t) => [
        name,
        { ...(task as object), descriptor: { t, even: t % 2 } },
      ]),
    );
    const problem = await prepareProblem({ ...wide({ ...described, descriptor: 'spec' }), tasks });
    const { sharing } = problem.config.model;
    const whole = await untrained(problem, [{ sharing, prepared: problem.prepared }]);
    const kept = await expectSame(whole, ['flag', 'amount'], false);
    expect(kept.signature.described!.map((family) => family.tasks)).toEqual([['flag'], ['amount']]);
    // Rows of any task: nothing is a task's own, and nothing can go.
    const any = await prepareProblem(long({ ...described, descriptor: 'means' }));
    const other = await untrained(any, [{ sharing, prepared: any.prepared }]);
    expect(selectTasks(other, ['s1']).signature.tasks).toHaveLength(1);
  });

  test('the mean of seeds', async () => {
    for (const sharing of ['ple', 'independent']) {
      const problem = await prepareProblem(wide({ sharing }));
      const whole = await untrained(problem, [{ sharing, prepared: problem.prepared }], [0, 1, 2]);
      await expectSame(whole, ['size', 'amount']);
    }
  });

  test.each([
    ['a column a task', wide({}), ['flag', 'amount', 'size'], ['late', 'cost'], ['amount', 'late']],
    ['a value a task', long({}), ['s0', 's2'], ['s1', 's3'], ['s2', 's3']],
  ])('parts that divide the tasks: %s', async (_, input, some, others, names) => {
    const problem = await prepareProblem(input);
    for (const sharing of ['mmoe', 'cross-stitch']) {
      const plans = [
        { sharing, prepared: ofTasks(problem.prepared, some), serves: some },
        { sharing: 'cross-stitch', prepared: problem.prepared, serves: others },
      ];
      const whole = await untrained(problem, plans);
      const both = await expectSame(whole, names);
      expect(both.signature.parts).toHaveLength(2);
      // One part is left, which is a model like any other.
      const one = await expectSame(both, names.slice(0, 1));
      expect(one.signature.parts).toBeUndefined();
      expect(one.signature.model).toBeDefined();
    }
  });

  test('parts into which numbers enter in their own ways', async () => {
    const problem = await prepareProblem(wide({}));
    const { prepared } = problem;
    const whole = await untrained(problem, [
      { sharing: 'mmoe', prepared, serves: ['flag', 'amount'], numeric: 'piecewise-linear:bins=3' },
      { sharing: 'mmoe', prepared, serves: ['size', 'late', 'cost'] },
    ]);
    await expectSame(whole, ['amount', 'cost']);
    await expectSame(whole, ['flag']);
  });
});

test('a column that nothing reads any more leaves', async () => {
  const problem = await prepareProblem(wide({ sharing: 'youtube:position=colour' }));
  const { prepared } = problem;
  const whole = await untrained(problem, [
    { sharing: 'youtube:position=colour', prepared, serves: ['flag', 'late'] },
    { sharing: 'independent', prepared, serves: ['amount', 'size', 'cost'] },
  ]);
  const kept = await expectSame(whole, ['size']);
  const columns = (model: WholeModel): string[] => model.signature.inputs.map(({ name }) => name);
  expect(columns(whole)).toEqual(['x', 'z', 'colour']);
  expect(columns(kept)).toEqual(['x', 'z']);
  expect(kept.encoders.columns).toEqual(['x', 'z']);
  expect(Object.keys(kept.signature.types).sort()).toEqual(['size', 'x', 'z']);
});
