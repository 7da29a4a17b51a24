import type { Warning } from '../../data/index.ts';

/** A number over seeds: its mean, the least and the greatest. */
export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** How a task is judged on one side of the split. */
export interface Judged {
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** What the best constant prediction reaches. */
  readonly constant: number | null;
  readonly labelled: number;
}

export interface FrontTask {
  readonly name: string;
  readonly kind: string;
  readonly validation: Judged;
  readonly test: Judged;
}

/** Numbers by the names of tasks. */
type Tasks<V> = Readonly<Record<string, V>>;

/** The model that was trained for one preference. */
export interface FrontPoint {
  /** How much each task matters; the sum is 1. */
  readonly preference: Tasks<number>;
  /** Whether no other point is at least as good on every task and better on one, by the gains. */
  readonly front: boolean;
  /** Mean over seeds of what is gained on the validation rows: 0 is the best constant, 1 is perfect. */
  readonly gain: Tasks<number | null>;
  /** The metrics; null where one is undefined. */
  readonly validation: Tasks<Spread | null>;
  /** The same on the test rows, which decide nothing. */
  readonly test: Tasks<Spread | null>;
  readonly steps: number;
  readonly trainSeconds: number;
  /** The folder of the model of one seed, the best on the validation rows by this preference. */
  readonly model: string;
  readonly seed: number;
}

/** A trade-off between tasks, traced by one model for each of several preferences: what `front.json` holds. */
export interface FrontResult {
  readonly version: 1;
  readonly polytask: string;
  readonly created: string;
  /** The folder. */
  readonly run: string;
  readonly objective: string;
  readonly sharing: string;
  readonly seeds: readonly number[];
  readonly data: {
    readonly source: string;
    readonly fingerprint: string;
    readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
    /** Tells whether another run divides the rows in the same way. */
    readonly split?: string;
    readonly warnings: readonly Warning[];
  };
  readonly tasks: readonly FrontTask[];
  readonly points: readonly FrontPoint[];
  /** Of the points' gains above 0, each seed by itself; for two and three tasks. At most 1. */
  readonly hypervolume?: Spread;
  readonly machine: { readonly runtime: string; readonly cores: number; readonly node: string };
  readonly report: string;
}
