import { RandomStream } from '../common/random.ts';
import type { EvaluationPoint } from '../optimization/index.ts';
import type { DiagnoseInput, TrialOutcome } from './diagnose.ts';

/** One task of a synthetic comparison. */
export interface Case {
  readonly name: string;
  /** The true Δ in per cent, and its standard deviation over seeds. */
  readonly effect: number;
  readonly noise: number;
  readonly higherIsBetter?: boolean;
}

/** A comparison with known effects: the independent models score about 0.8, the joint one is off by the effect. */
export function synthetic(tasks: readonly Case[], seeds: number, seed = 0): DiagnoseInput {
  const random = new RandomStream(seed, 'synthetic');
  const independent = Array.from({ length: seeds }, (_, s) =>
    tasks.map((_, t) => 0.8 + 0.01 * random.normal(t, 2 * s)),
  );
  const multi = independent.map((row, s) =>
    row.map((score, t) => {
      const { effect, noise, higherIsBetter = true } = tasks[t]!;
      const delta = effect + noise * random.normal(t, 2 * s + 1);
      return score * (1 + (higherIsBetter ? delta : -delta) / 100);
    }),
  );
  const trial = (test: number[][], parameters: number): TrialOutcome => ({
    test,
    curve: rising(test, 8),
    parameters: { total: parameters },
    fileBytes: 4 * parameters,
    latencyMs: parameters / 1000,
  });
  return {
    tasks: tasks.map(({ name, higherIsBetter = true }) => ({ name, metric: 'score', higherIsBetter })),
    multi: trial(multi, 1000),
    independent: trial(independent, 1000 * tasks.length),
  };
}

/** Curves that come nearer to the final scores point by point. */
function rising(test: readonly (readonly number[])[], length: number): EvaluationPoint[] {
  return Array.from({ length }, (_, i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    seconds: i + 1,
    losses: test.map((seed) => seed.map(() => 1 / (i + 1))),
    metrics: test.map((seed) => seed.map((score) => score * (1 - 2 ** -(i + 1)))),
  }));
}
