import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RunConfigInput, runFit } from '../../src/experiment/index.ts';
import { PolytaskError } from '../../src/index.ts';

const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN, 0, -0, 1e30, -1e-30, Number.MAX_VALUE) },
);
const infinite = fc.constantFrom(1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const cells: readonly fc.Arbitrary<unknown>[] = [
  number,
  fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 4 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  fc.constantFrom('low', 'medium', 'high', null),
  fc.constantFrom('a', 'b'),
  fc.constantFrom('red|round', 'red', 'blue|square', ''),
  fc.boolean(),
  fc.lorem({ maxCount: 8 }),
  fc.string(),
  fc
    .date({ min: new Date(0), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.constant(null),
  fc.constant(7),
  infinite,
  fc.oneof(number, fc.string()),
];

const column = (rows: number): fc.Arbitrary<unknown[]> =>
  fc.constantFrom(...cells).chain((cell) => fc.array(cell, { minLength: rows, maxLength: rows }));

const OURS = [
  'shape-mismatch',
  'dtype-mismatch',
  'operator-invalid',
  'gradient-undefined',
  'dimension-unbound',
  'input-missing',
  'parameters-invalid',
  'runtime-failed',
  'features-mismatch',
  'model-invalid',
  'unexpected',
];
const NAMES = [
  'x',
  'y',
  'numeric',
  'task',
  'labels',
  'a.b',
  ' ',
  'ß',
  '__proto__',
  'constructor',
  'prediction',
  '0',
];
const KINDS = ['binary', 'multiclass', 'multilabel', 'regression', 'count', 'ordinal'];

/** Mostly the first, which is sensible. */
const mostly = <T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(first) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const settings = (names: readonly string[]): fc.Arbitrary<object> =>
  fc.record({
    split: mostly<unknown>(
      '0.5/0.25/0.25',
      '80/20',
      '1/1',
      { group: names[0] },
      { time: names[0] },
      { column: names[0] },
    ),
    exclude: mostly<string[]>([], [names[0]!], ['nowhere']),
    model: fc.record({
      sharing: fc.constantFrom('shared-bottom', 'independent'),
      hidden: mostly([4], [], [0], [3, 2]),
      tower: mostly<number[]>([], [3]),
      activation: fc.constantFrom('relu', 'tanh', 'gelu'),
      dropout: mostly(0, 0.5, 1),
      norm: fc.constantFrom('none', 'layer'),
    }),
    objective: mostly<unknown>({ name: 'equal' }, { name: 'fixed', weights: { [names[0]!]: 0 } }),
    sampling: mostly<unknown>(
      { name: 'proportional' },
      { name: 'temperature', temperature: 3, batches: 'single' },
      { name: 'annealed' },
    ),
    weight: mostly<string | undefined>(undefined, names.at(-1)),
    by: mostly<string | undefined>(undefined, ...names),
    baseline: fc.boolean(),
    seeds: fc.constantFrom(1, 2),
    seed: mostly(0, 7, 2 ** 40),
    training: fc.record({
      maxEpochs: fc.constantFrom(1, 2),
      batchSize: fc.constantFrom(1, 3, 64),
      learningRate: mostly(1e-3, 0.1, 1e4, 1e30),
    }),
  });

const problem = fc
  .tuple(
    mostly(24, 0, 1, 2, 3, 7, 40),
    fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 6 }),
  )
  .chain(([rows, names]) =>
    fc.record({
      table: fc
        .tuple(...names.map(() => column(rows)))
        .map((columns) => Object.fromEntries(columns.map((values, c) => [names[c]!, values]))),
      tasks: fc
        .uniqueArray(
          fc.tuple(mostly(...(names as [string])), mostly<string | undefined>(undefined, ...KINDS)),
          {
            minLength: 1,
            maxLength: 2,
            selector: ([name]) => name,
          },
        )
        .map((tasks) =>
          Object.fromEntries(tasks.map(([name, kind]) => [name, { ...(kind !== undefined && { kind }) }])),
        ),
      settings: settings(names),
    }),
  );

test('whatever the table and the settings, there is a result or an error that says what to do', async () => {
  const results = { fitted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(problem, async (given) => {
      const folder = mkdtempSync(join(tmpdir(), 'polytask-any-'));
      const out = join(folder, 'run');
      try {
        const { run } = await runFit({
          ...given.settings,
          data: { columns: given.table },
          tasks: given.tasks,
          out,
        } as unknown as RunConfigInput);
        expect(existsSync(join(run, 'report.html'))).toBe(true);
        results.fitted++;
      } catch (error) {
        if (!(error instanceof PolytaskError)) throw error;
        expect(error.help).not.toBe('');
        // An error of the engine would be a mistake of ours and no fault of the input.
        expect(OURS).not.toContain(error.code);
        if (process.env.POLYTASK_ANY_SHOW) console.log(error.code, error.path, error.found);
        expect(existsSync(join(out, 'result.json'))).toBe(false);
        results.refused++;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    {
      numRuns: Number(process.env.POLYTASK_ANY_RUNS ?? 25),
      seed: Number(process.env.POLYTASK_ANY_SEED ?? 5),
    },
  );
  // Both ends must have been met for the property to say anything.
  expect(Math.min(results.fitted, results.refused)).toBeGreaterThan(0);
});
