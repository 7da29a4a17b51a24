import { RandomStream } from '../../common/random.ts';
import type { ColumnPlan, Warning } from '../../data/index.ts';
import { diagnose } from '../../diagnosis/index.ts';
import type { EvaluationPoint } from '../../optimization/index.ts';
import type { FittedTask } from '../../problem/index.ts';
import type { RunResult, TrialResult } from '../result.ts';
import { withLooks, withWeights } from './fixtures-objective.ts';
import { withMixture, withOwnExperts, withStitches } from './fixtures-sharing.ts';
import { withFolds, withFractions } from './fixtures-transfer.ts';

/** A task of a made-up run: its score alone, the change together in per cent, and its scatter over seeds. */
export interface FakeTask {
  readonly name: string;
  readonly kind: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  readonly alone: number;
  readonly effect: number;
  readonly noise: number;
  /** By how much the curves fall at their end, in per cent, alone and together. */
  readonly overfit?: readonly [number, number];
  /** The metric is undefined. */
  readonly missing?: boolean;
}

export interface FakeRun {
  readonly tasks: readonly FakeTask[];
  readonly seeds?: number;
  readonly baseline?: boolean;
  readonly by?: string;
  readonly columns?: readonly ColumnPlan[];
  readonly warnings?: readonly Warning[];
}

/** A whole result from a few numbers, the same at every call. */
export function fakeRun({
  tasks,
  seeds = 3,
  baseline = true,
  by,
  columns,
  warnings = [],
}: FakeRun): RunResult {
  const random = new RandomStream(5, 'fake');
  const alone = Array.from({ length: seeds }, (_, s) =>
    tasks.map((task, t) => (task.missing ? null : task.alone * (1 + 0.004 * random.normal(t, 2 * s)))),
  );
  const together = alone.map((row, s) =>
    row.map((value, t) => {
      const { effect, noise, higherIsBetter } = tasks[t]!;
      const change = (effect + noise * random.normal(t, 2 * s + 1)) / 100;
      return value === null ? null : value * (1 + (higherIsBetter ? change : -change));
    }),
  );
  const trial = (test: (number | null)[][], joint: boolean): TrialResult => ({
    sharing: joint ? 'shared-bottom' : 'independent',
    objective: 'equal',
    test,
    validation: test,
    allMetrics: tasks.map(({ metric }, t) => ({ [metric]: test[0]?.[t] ?? null, other: 0.123456 })),
    curve: curves(tasks, test, joint),
    parameters: {
      total: joint ? 31_240 : 29_800 * tasks.length,
      shared: joint ? 29_650 : 0,
      experts: {},
      tasks: Object.fromEntries(tasks.map(({ name }) => [name, joint ? 1590 : 29_800])),
    },
    trainSeconds: joint ? 18.4 : 31,
    stepsPerEpoch: 90,
    steps: joint ? 1800 : 2400,
    latencyMs: joint ? 0.041 : 0.041 * tasks.length * 0.8,
    fileBytes: joint ? 142_000 : 131_000 * tasks.length,
  });
  const multi = trial(together, true);
  const independent = trial(alone, false);
  return {
    version: 1,
    polytask: '0.1.0',
    created: '2026-03-14T09:26:53.000Z',
    run: '/home/ada/runs/first',
    seeds: Array.from({ length: seeds }, (_, s) => s),
    data: {
      source: '/home/ada/data/census.csv',
      fingerprint: 'b6a4f1c09d2e7731',
      rows: { train: 32_561, validation: 6977, test: 6978 },
      columns: columns ?? plans(tasks),
      warnings,
      ...(by !== undefined && { by }),
    },
    tasks: tasks.map(({ name, kind, metric, higherIsBetter, alone }) => ({
      task: fitted(name, kind, by === undefined ? name : 'score'),
      metric,
      higherIsBetter,
      constant: higherIsBetter ? Math.min(0.5, alone * 0.6) : alone * 1.7,
      labelled: { train: 30_000, validation: 6400, test: 6450 },
    })),
    multi,
    ...(baseline && {
      independent,
      diagnosis: diagnose({
        tasks: tasks.map(({ name, metric, higherIsBetter }) => ({ name, metric, higherIsBetter })),
        multi,
        independent,
      }),
    }),
    best: { sharing: 'shared-bottom', objective: 'equal', seed: 0 },
    machine: { runtime: 'onnxruntime-node 1.30.0 (cpu)', cores: 8, node: 'v20.20.2' },
    model: '/home/ada/runs/first/model',
    report: '/home/ada/runs/first/report.html',
  };
}

/** As a kind would have it; regression has its loss beside. */
const fitted = (name: string, kind: string, column: string): FittedTask & { readonly loss: string } => ({
  name,
  kind,
  column,
  options: {},
  labelled: 30_000,
  loss: 'mse',
});

function curves(
  tasks: readonly FakeTask[],
  test: readonly (readonly (number | null)[])[],
  joint: boolean,
): EvaluationPoint[] {
  const random = new RandomStream(joint ? 8 : 9, 'curve');
  const length = joint ? 20 : 26;
  return Array.from({ length }, (_, i) => ({
    epoch: i + 1,
    step: 90 * (i + 1),
    seconds: (joint ? 0.9 : 1.2) * (i + 1),
    losses: test.map(() => tasks.map(() => 1 / (i + 2))),
    metrics: test.map((seed, s) =>
      seed.map((final, t) => {
        if (final === null) return null;
        const { higherIsBetter, overfit } = tasks[t]!;
        const fall = ((overfit?.[joint ? 1 : 0] ?? 0) / 100) * Math.max(0, i / (length - 1) - 0.4);
        const short = 0.25 * Math.exp(-(i + 1) / (joint ? 3 : 4)) + fall;
        const jitter = 0.004 * random.normal(t * 100 + i, s);
        return final * (1 + (higherIsBetter ? -1 : 1) * (short + jitter));
      }),
    ),
  }));
}

function plans(tasks: readonly FakeTask[]): ColumnPlan[] {
  return [
    {
      name: 'age',
      type: 'number',
      role: 'input',
      encoder: { kind: 'numeric' },
      note: 'numbers, standardised',
    },
    {
      name: 'work class',
      type: 'string',
      role: 'input',
      encoder: { kind: 'categorical' },
      note: '9 categories',
    },
    {
      name: 'about',
      type: 'string',
      role: 'input',
      encoder: { kind: 'text' },
      note: 'long and mostly distinct',
    },
    { name: 'since', type: 'date', role: 'input', encoder: { kind: 'date' }, note: 'dates' },
    { name: 'member', type: 'boolean', role: 'input', encoder: { kind: 'numeric' }, note: 'yes or no' },
    { name: 'id', type: 'number', role: 'excluded', note: 'distinct in every row: an identifier' },
    ...tasks.slice(0, 3).map(({ name }) => ({ name, type: 'number', role: 'target' }) as const),
  ];
}

const task = (
  name: string,
  kind: string,
  metric: string,
  alone: number,
  effect: number,
  noise: number,
  more: Partial<FakeTask> = {},
): FakeTask => ({
  name,
  kind,
  metric,
  higherIsBetter: metric !== 'rmse' && metric !== 'deviance',
  alone,
  effect,
  noise,
  ...more,
});

export const WARNINGS: readonly Warning[] = [
  {
    code: 'leak-numeric',
    column: 'capital',
    task: 'income',
    message: 'The input "capital" follows the target "income" almost exactly (correlation 0.998).',
    help: 'Exclude the column unless it is known before the prediction: exclude: ["capital"].',
  },
  {
    code: 'constant',
    column: 'country',
    message: 'The column "country" has a single value among the training rows.',
    help: 'It tells nothing; exclude it.',
  },
];

export const twoTasks = (): RunResult =>
  fakeRun({
    tasks: [
      task('income', 'binary', 'auc', 0.9034, 2.1, 0.25, { overfit: [8, 0] }),
      task('hours', 'regression', 'rmse', 11.42, 3.4, 0.6),
    ],
    warnings: WARNINGS.slice(0, 1),
  });

export const fiveTasks = (): RunResult =>
  fakeRun({
    tasks: [
      task('clicked', 'binary', 'auc', 0.7813, 4.2, 0.4),
      task('liked', 'binary', 'auc', 0.6921, 6.8, 0.7),
      task('watch_seconds', 'regression', 'rmse', 341.7, -5.6, 0.6, { overfit: [0, 9] }),
      task('rating', 'ordinal', 'kappa', 0.412, 0.1, 0.12),
      task('left', 'binary', 'auc', 0.8402, 0.8, 2.2),
    ],
    seeds: 5,
    warnings: WARNINGS,
  });

export const manyTasks = (count = 139): RunResult => {
  const random = new RandomStream(4, 'schools');
  return fakeRun({
    tasks: Array.from({ length: count }, (_, t) =>
      task(`school ${t + 1}`, 'regression', 'rmse', 10 + random.normal(t), 6 + 5 * random.normal(t, 1), 2.5),
    ),
    seeds: 5,
    by: 'school',
  });
};

export const noBaseline = (): RunResult => ({
  ...fakeRun({
    tasks: [task('income', 'binary', 'auc', 0.9, 1, 0.2), task('hours', 'regression', 'rmse', 11.4, 1, 0.2)],
    baseline: false,
    seeds: 1,
  }),
});

export const nullMetrics = (): RunResult =>
  fakeRun({
    tasks: [
      task('income', 'binary', 'auc', 0.9034, 1.1, 1.9),
      task('rare', 'binary', 'auc', 0.5, 0, 1, { missing: true }),
    ],
    seeds: 1,
  });

export const mixture = (): RunResult => withMixture(twoTasks());
export const ownExperts = (): RunResult => withOwnExperts(fiveTasks());
export const manyInMixture = (): RunResult => withMixture(manyTasks(), 8);
export const weighed = (): RunResult => withWeights(fiveTasks());
export const looked = (): RunResult => withLooks(fiveTasks());
export const manyWeighed = (): RunResult => withWeights(manyTasks(30), 47);
/** 28 pairs over 300 evaluations. */
export const weighedForLong = (): RunResult =>
  withWeights(
    fakeRun({
      tasks: ['clicked', 'a name that is rather longer than the others', 'c', 'd', 'e', 'f', 'g', 'h'].map(
        (name) => task(name, 'binary', 'auc', 0.8, 1, 0.3),
      ),
    }),
    300,
  );

export const stitched = (): RunResult =>
  withStitches(
    fakeRun({
      tasks: [
        task('income', 'binary', 'auc', 0.9034, 2.1, 0.25),
        task('hours', 'regression', 'rmse', 11.42, 3.4, 0.6),
        task('married', 'binary', 'auc', 0.81, 0.4, 0.3),
      ],
    }),
  );

export const folded = (): RunResult => withFolds(fiveTasks(), 5);
export const withFewer = (): RunResult => withFractions(fiveTasks());
export const manyWithFewer = (): RunResult => withFractions(manyTasks());

const HOSTILE = '</title><script>alert(1)</script><img src=x onerror="alert(2)">&\'`\u0000\u001b[31m';

/** Text from data that tries to be markup, in every place that carries such text. */
export const hostile = (): RunResult => {
  const result = fakeRun({
    tasks: [
      task(HOSTILE, 'binary', 'auc', 0.8, 3, 0.3),
      task(`${HOSTILE} 2`, 'regression', 'rmse', 2, -3, 0.3),
    ],
    by: HOSTILE,
    columns: [
      { name: HOSTILE, type: 'string', role: 'input', encoder: { kind: HOSTILE }, note: HOSTILE },
      { name: 'x'.repeat(400), type: 'number', role: 'input' },
    ],
    warnings: [{ code: 'constant', column: HOSTILE, message: HOSTILE, help: HOSTILE }],
  });
  return {
    ...withFractions(result),
    run: `/runs/${HOSTILE}`,
    model: `/runs/${HOSTILE}/model`,
    data: { ...result.data, source: HOSTILE, fingerprint: HOSTILE },
    machine: { ...result.machine, runtime: HOSTILE },
  };
};
