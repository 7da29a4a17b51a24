import type { EvaluationPoint } from '../../optimization/index.ts';
import { effectOf } from '../verdict.ts';
import type { Measured, MeasuredTask, MeasuredTrial } from './measured.ts';

/** A task of a made-up run: its Δ with its interval, and errors by which it is judged; a constant reaches 1. */
export interface MadeTask {
  readonly name: string;
  readonly delta?: readonly [low: number, high: number];
  /** Errors on training, validation and test rows; default 0.5 on all. */
  readonly together?: readonly [number, number, number];
  readonly alone?: readonly [number, number, number];
  readonly rows?: number;
  /** Validation errors over time, of a joint training with a point every ten steps. */
  readonly curve?: readonly number[];
  readonly loss?: number;
}

export const HURT = [-30, -10] as const;
export const HELPED = [10, 30] as const;
export const EQUAL = [-0.5, 0.5] as const;

/** A run of three seeds that hardly differ, by an error such as the rmse. */
export function made(tasks: readonly MadeTask[], more: Partial<Measured> = {}): Measured {
  const seeds = [-1e-4, 0, 1e-4];
  const errors = (of: (task: MadeTask) => number): number[][] =>
    seeds.map((shift) => tasks.map((task) => of(task) + shift));
  const trial = (way: 'together' | 'alone'): MeasuredTrial => {
    const [training, validation, test] = [0, 1, 2].map((side) =>
      errors((task) => (task[way] ?? [0.5, 0.5, 0.5])[side]!),
    ) as [number[][], number[][], number[][]];
    return { training, validation, test, curve: way === 'together' ? curveOf(tasks, seeds.length) : [] };
  };
  const deltas = tasks.map(({ delta = EQUAL }) => ({
    low: delta[0],
    high: delta[1],
    mean: (delta[0] + delta[1]) / 2,
  }));
  return {
    tasks: tasks.map(
      ({ name, rows = 1000 }): MeasuredTask => ({
        name,
        higherIsBetter: false,
        constants: { training: 1, validation: 1, test: 1 },
        labelled: { train: rows, validation: rows, test: rows },
      }),
    ),
    trainingRows: Math.max(...tasks.map(({ rows = 1000 }) => rows)),
    settings: {
      sharing: 'shared-bottom',
      hidden: [32, 16],
      tower: [],
      dropout: 0.3,
      objective: 'equal',
      checkpoint: 'mean',
      sampling: 'proportional',
      optimiser: { kind: 'adamw', weightDecay: 0.01 },
    },
    diagnosis: {
      verdict: 'mixed',
      delta: null,
      tasks: deltas.map((delta) => ({ delta, effect: effectOf(delta), clear: true })),
    },
    multi: trial('together'),
    independent: trial('alone'),
    ...more,
  };
}

function curveOf(tasks: readonly MadeTask[], seeds: number): EvaluationPoint[] {
  const length = Math.max(0, ...tasks.map(({ curve = [] }) => curve.length));
  const each = <V>(value: V): V[] => Array.from({ length: seeds }, () => value);
  return Array.from({ length: Math.max(1, length) }, (_, i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    seconds: i + 1,
    losses: each(tasks.map(({ loss = 1 }) => loss)),
    metrics: each(tasks.map(({ curve = [] }) => curve[i] ?? null)),
  }));
}

/** A joint training in which gradients met so in each layer; [pair] in the order (1, 0), (2, 0), (2, 1) … */
export function observed(
  run: Measured,
  layers: Readonly<Record<string, readonly number[]>>,
  { looks = 100, norms = run.tasks.map(() => 1) }: { looks?: number; norms?: readonly number[] } = {},
): Measured {
  const square = (pairs: readonly number[]): number[][] =>
    run.tasks.map((_, t) =>
      run.tasks.map((_task, u) => {
        const [high, low] = [Math.max(t, u), Math.min(t, u)];
        return t === u ? 1 : pairs[(high * (high - 1)) / 2 + low]!;
      }),
    );
  const all = Object.values(layers);
  const mean = all[0]!.map((_, i) => all.reduce((sum, pairs) => sum + pairs[i]!, 0) / all.length);
  return {
    ...run,
    multi: {
      ...run.multi,
      observed: {
        looks,
        whole: { norms, cosines: square(mean) },
        layers: Object.entries(layers).map(([name, pairs]) => ({ name, norms, cosines: square(pairs) })),
      },
    },
  };
}
