import type { Tensor } from '../../engine/index.ts';
import type { BatchInputs } from '../inputs.ts';
import type { Mode } from '../layers.ts';
import type { ParameterSet } from '../parameter.ts';
import type { ParameterView } from '../view.ts';

/**
 * How the rows of a batch stand to the tasks: `wide` rows carry labels of all tasks; `rows` belong to one task each,
 * mixed; `blocks` are [..., tasks, batch, ·], a block of rows a task.
 */
export type BatchLayout = 'wide' | 'rows' | 'blocks';

/** What a sharing hands to the heads. */
export interface Representation {
  readonly value: Tensor;
  /** `shared`: [..., batch, H]; `tasks` and `blocks`: [..., tasks, batch, H]; `rows`: one task a row. */
  readonly axis: 'shared' | 'tasks' | 'blocks' | 'rows';
  /** With `rows`: whether each row went through its own task's network, [..., batch, 1, H]. */
  readonly perTask?: boolean;
  readonly task?: Tensor;
}

/** Maps inputs to a representation with whatever parameters the view gives it. */
export type EncoderFactory = (view: ParameterView, inputs: BatchInputs, name: string, mode: Mode) => Tensor;

export interface SharingContext {
  readonly set: ParameterSet;
  readonly tasks: readonly string[];
  readonly layout: BatchLayout;
  readonly inputs: BatchInputs;
  readonly encoder: EncoderFactory;
  readonly mode: Mode;
}

/** A way of splitting θ into what tasks share and what is their own. */
export interface Sharing {
  readonly name: string;
  represent(context: SharingContext): Representation;
}
