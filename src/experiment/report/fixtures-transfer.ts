import { RandomStream } from '../../common/random.ts';
import { diagnose, measureTransfer, type Scores } from '../../diagnosis/index.ts';
import { beside } from '../repeats/repeated.ts';
import type { Repeated, RowsResult } from '../repeats/result.ts';
import type { RunResult } from '../result.ts';

/** Scores that a way loses so many per cent of, a little of it by chance. */
function worsened(run: RunResult, side: 'multi' | 'independent', loss: number, stream: string): Scores {
  const random = new RandomStream(3, stream);
  return {
    test: run[side]!.test.map((seed, s) =>
      seed.map((value, t) => {
        if (value === null) return null;
        const part = (loss + 0.4 * random.normal(t, s)) / 100;
        return value * (run.tasks[t]!.higherIsBetter ? 1 - part : 1 + part);
      }),
    ),
  };
}

function rowsResult(
  run: RunResult,
  train: number,
  lost: readonly [number, number],
  name: string,
): RowsResult {
  const multi = worsened(run, 'multi', lost[0], `${name} multi`);
  const independent = worsened(run, 'independent', lost[1], `${name} independent`);
  const tasks = run.tasks.map(({ task, higherIsBetter }) => ({ name: task.name, higherIsBetter }));
  return {
    rows: { ...run.data.rows, train },
    multi,
    independent,
    transfer: measureTransfer({ tasks, multi, independent }),
  };
}

function judgedAnew(run: RunResult, more: Repeated): RunResult {
  const diagnosis = diagnose({
    tasks: run.tasks.map(({ task, metric, higherIsBetter }) => ({ name: task.name, metric, higherIsBetter })),
    multi: { ...run.multi, rowsPerStep: 256 },
    independent: { ...run.independent!, rowsPerStep: 256 * run.tasks.length },
    ...beside(more),
  });
  return { ...run, ...more, diagnosis };
}

/** The run in so many folds. */
export function withFolds(run: RunResult, folds: number): RunResult {
  const { train } = run.data.rows;
  return judgedAnew(run, {
    folds: Array.from({ length: folds }, (_, f) => ({
      fold: f + 1,
      ...rowsResult(run, train, [0.5 * Math.sin(f), 0], `fold ${f}`),
    })),
  });
}

/** The run with fewer rows as well: what is learned apart suffers twice as much. */
export function withFractions(run: RunResult, fractions: readonly number[] = [0.03, 0.1, 0.3]): RunResult {
  const { train } = run.data.rows;
  return judgedAnew(run, {
    fractions: [...fractions, 1].map((fraction) => {
      const lost = -3 * Math.log10(fraction);
      return {
        fraction,
        ...rowsResult(run, Math.round(fraction * train), [lost, 2 * lost], `fraction ${fraction}`),
      };
    }),
  });
}
