import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import { synthetic } from './fixtures.ts';
import { pairedInterval } from './interval.ts';
import { measureTransfer, type Scores, type TransferInput } from './transfer.ts';

const TASKS = [
  { name: 'a', higherIsBetter: true, directions: { auc: true, loss: false } },
  { name: 'b', higherIsBetter: false, directions: { rmse: false } },
];

const scores = (rows: [auc: number, loss: number, rmse: number][]): Scores => ({
  test: rows.map(([auc, , rmse]) => [auc, rmse]),
  metrics: rows.map(([auc, loss, rmse]) => [{ auc, loss }, { rmse }]),
});

test('one seed by hand: both conventions, the seesaw and ranks', () => {
  // a: auc +10 %, loss −20 % (worse); b: rmse −8 % (worse).
  const transfer = measureTransfer({
    tasks: TASKS,
    multi: scores([[0.88, 0.6, 1.08]]),
    independent: scores([[0.8, 0.5, 1]]),
  });
  expect(transfer.delta?.mean).toBeCloseTo((10 - 8) / 2, 9);
  // First over a task's metrics, (10 − 20) / 2 = −5, then over tasks.
  expect(transfer.conventions.meanOverTasks?.mean).toBeCloseTo((-5 - 8) / 2, 9);
  expect(transfer.conventions.meanOverMetrics?.mean).toBeCloseTo((10 - 20 - 8) / 3, 9);
  expect(transfer.seesaw).toEqual({ improved: 1, harmed: 1 });
  expect(transfer.ranks).toEqual({ multi: 1.5, independent: 1.5 });
  expect(transfer).toMatchObject({ wins: 0, losses: 0, intervalOver: 'nothing' });
});

test('without names of metrics both conventions are the mean Δ', () => {
  const { tasks, multi, independent } = synthetic(
    [3, -2, 1].map((effect, i) => ({ name: `${i}`, effect, noise: 1, higherIsBetter: i > 0 })),
    4,
  );
  const { delta, conventions } = measureTransfer({ tasks, multi, independent });
  expect(conventions).toEqual({ meanOverTasks: delta, meanOverMetrics: delta });
});

/** Three folds of two seeds whose Δ are 1 and 3, 2 and 4, 3 and 5 per cent. */
const FOLDS = [1, 2, 3].map((gain) => ({
  multi: { test: [[1 + gain / 100], [1 + (gain + 2) / 100]] },
  independent: { test: [[1], [1]] },
  rows: { train: 200, test: 100 },
}));
const folded: TransferInput = {
  tasks: [{ name: 'a', higherIsBetter: true }],
  ...FOLDS[0]!,
  folds: FOLDS,
};

test('folds: each is the mean of its seeds, and the interval allows for the rows that they share', () => {
  const { delta, intervalOver, ranks } = measureTransfer(folded);
  expect(delta?.mean).toBeCloseTo(3, 9);
  expect(delta!.high! - 3).toBeCloseTo(4.3026527 * Math.sqrt(1 / 3 + 1 / 2), 6);
  expect({ intervalOver, ranks }).toEqual({ intervalOver: 'folds', ranks: { multi: 1, independent: 2 } });
  const plain = pairedInterval([2, 3, 4])!;
  expect(delta!.low!).toBeLessThan(plain.low!);
});

test('resampled rows say nothing where there are folds', () => {
  const resampled = [Array.from({ length: 100 }, (_, i) => 50 + i)];
  expect(measureTransfer({ ...folded, resampled })).toEqual(measureTransfer(folded));
});

test('a diagnosis over folds shows the means over folds and says what its intervals are', () => {
  const trial = { curve: [], parameters: { total: 1 }, fileBytes: 1, latencyMs: 1 };
  const diagnosis = diagnose({
    tasks: [{ name: 'a', metric: 'auc', higherIsBetter: true }],
    multi: { ...FOLDS[0]!.multi, ...trial },
    independent: { ...FOLDS[0]!.independent, ...trial },
    folds: FOLDS,
  });
  expect(diagnosis.tasks[0]?.multi).toBeCloseTo(1.03, 12);
  expect(diagnosis.words).toContain(
    'The intervals come from 3 folds of the rows, each the mean of 2 seeds; folds share training rows, for which they are widened.',
  );
  expect(diagnosis.words.at(-1)).toBe('Next: run 10 folds.');
});

const score = fc.double({ min: 0.1, max: 10, noNaN: true });
const table = (seeds: number, tasks: number) =>
  fc.array(fc.array(score, { minLength: tasks, maxLength: tasks }), { minLength: seeds, maxLength: seeds });

test('any scores: ranks share what there is, the seesaw counts no task twice, one fold a seed is wider', () => {
  const inputs = fc
    .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 4 }))
    .chain(([seeds, tasks]) => fc.tuple(table(seeds, tasks), table(seeds, tasks)));
  fc.assert(
    fc.property(inputs, ([multi, independent]) => {
      const tasks = multi[0]!.map((_, t) => ({ name: `${t}`, higherIsBetter: t % 2 === 0 }));
      const own = measureTransfer({ tasks, multi: { test: multi }, independent: { test: independent } });
      expect(own.ranks.multi! + own.ranks.independent!).toBeCloseTo(3, 9);
      expect(own.seesaw.improved + own.seesaw.harmed).toBeLessThanOrEqual(tasks.length);
      expect(own.wins).toBeLessThanOrEqual(own.seesaw.improved);
      expect(own.losses).toBeLessThanOrEqual(own.seesaw.harmed);
      const folds = multi.map((row, s) => ({
        multi: { test: [row] },
        independent: { test: [independent[s]!] },
        rows: { train: 4, test: 1 },
      }));
      const over = measureTransfer({ tasks, ...folds[0]!, folds });
      expect(over.delta!.mean).toBeCloseTo(own.delta!.mean, 6);
      const width = ({ delta }: typeof own): number => delta!.high! - delta!.low!;
      expect(width(over)).toBeGreaterThanOrEqual(width(own));
    }),
  );
});
