import type { ParameterCount } from './parameter.ts';
import type { Sketch } from './sketch.ts';

/** The parameters of one part of a model, by owner. */
export interface PartCount {
  readonly part: string;
  readonly total: number;
  readonly shared: number;
  readonly experts: number;
  readonly tasks: number;
}

/** What a model is made of, as plain JSON: who owns how much of θ, what it costs, and how it is drawn. */
export interface Architecture {
  readonly sharing: {
    readonly name: string;
    readonly title: string;
    readonly about: string;
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** How many tasks there are; `sketch.outputs` names those that are drawn. */
  readonly tasks: number;
  readonly sketch: Sketch;
  readonly parameters: ParameterCount;
  readonly parts: readonly PartCount[];
  /** FLOPs to predict one row. */
  readonly flops: number;
}
