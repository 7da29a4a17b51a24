import type { Options } from '../../common/options.ts';
import type { Tensor } from '../../engine/index.ts';
import type { HeadContext, HeadSpec, Logits } from '../heads.ts';
import type { Representation } from '../sharing/sharing.ts';

/** Labels of a batch by family. */
export type FamilyLabels = ReadonlyMap<
  string,
  {
    /** [..., batch, tasks, label width] */
    readonly labels: Tensor;
    /** [..., batch, tasks]: 0 where the label is missing. */
    readonly weights: Tensor;
  }
>;

/** What a flow is given while a model is built. */
export interface FlowContext extends HeadContext {
  /** Of the batch, while training. */
  readonly labels?: FamilyLabels | undefined;
  /** Adds a term [...lead] to the objective, beside the tasks' losses. */
  penalise(term: Tensor): void;
}

/** What a flow is checked against. */
export interface FlowProblem {
  readonly heads: readonly HeadSpec[];
  readonly long: boolean;
}

/**
 * What goes from task to task after the representation.
 *
 * @typeParam O its options, with defaults; plain JSON
 */
export interface Flow<O extends object = object> {
  /** On the command line and in configs: `esmm`. */
  readonly name: string;
  /** As a heading: "Entire space multi-task model". */
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly options: Options<O>;
  /**
   * Refuses options that do not fit the problem.
   *
   * @throws `flow-invalid`
   */
  check?(options: O, problem: FlowProblem): void;
  /** The logits of all tasks. */
  logits(representation: Representation, context: FlowContext, options: O): Logits;
  /**
   * What the flow promises of predictions, kept to the last bit: links round.
   *
   * @param outputs by family, [..., batch, tasks, width]
   */
  bound?(outputs: Logits, context: Pick<HeadContext, 'families'>, options: O): Logits;
}

/** Forgets which options a flow takes; whoever calls it has parsed them. */
export function anyFlow<O extends object>(flow: Flow<O>): Flow {
  return flow as unknown as Flow;
}
