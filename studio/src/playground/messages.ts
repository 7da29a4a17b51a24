import type { Met } from './gradients.ts';
import type { PartOfTheta } from './norms.ts';
import type { Picture } from './problems/problem.ts';
import type { Settings } from './settings.ts';

/** What the page asks of the worker. */
export type Request =
  /** Goes on under these settings, from the start where `anew`. */
  | { readonly kind: 'set'; readonly settings: Settings; readonly anew: boolean; readonly file?: string }
  | { readonly kind: 'play' }
  /** At most so many passes a second; 0 for as many as there can be. */
  | { readonly kind: 'speed'; readonly passes: number }
  | { readonly kind: 'pause' }
  /** One pass over the training rows. */
  | { readonly kind: 'step' };

/** One task of what is learned. */
export interface ShownTask {
  readonly name: string;
  readonly kind: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
}

/** One point of the curves. */
export interface Point {
  readonly step: number;
  /** Mean training losses since the last point, and validation metrics, [task]. */
  readonly losses: readonly number[];
  readonly metrics: readonly (number | null)[];
  /** The same of each task alone, where that is trained beside. */
  readonly alone?: Pick<Point, 'losses' | 'metrics'>;
  /** Weights of the losses, where they are not all 1. */
  readonly weights?: readonly number[];
  readonly met?: Met;
  readonly parts: readonly PartOfTheta[];
  /** Use of experts and matrices of the sharing, [row][column] by name. */
  readonly watched?: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** A table of the sharing that is worth watching. */
export interface WatchedShape {
  readonly name: string;
  readonly kind: 'use' | 'matrix';
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** What stands while settings do. */
export interface Opened {
  readonly tasks: readonly ShownTask[];
  readonly picture: Picture;
  readonly stepsPerEpoch: number;
  readonly trainingRows: number;
}

/** What the worker tells. */
export type Told =
  | { readonly kind: 'opened'; readonly opened: Opened; readonly anew: boolean; readonly finished: boolean }
  | {
      readonly kind: 'moved';
      readonly points: readonly Point[];
      /** Of the rows that the picture shows, [task]; of the joint model. */
      readonly predictions: readonly Float32Array[];
      readonly watched: readonly WatchedShape[];
      readonly finished: boolean;
      /** Steps a second since it was last said, of the joint model. */
      readonly pace: number;
    }
  /** WebGPU failed, and training goes on in WebAssembly. */
  | { readonly kind: 'retreated'; readonly because: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly help: string };
