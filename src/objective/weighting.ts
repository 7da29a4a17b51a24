/** What a weighting looks at before it answers. */
export interface WeightingInput {
  /** Each task's loss in the last step; a task without labels there has 0. */
  readonly losses: Float64Array;
  readonly epoch: number;
}

/**
 * How losses become one objective Σ wᵢLᵢ: a pure function of small things and its own state, which is plain JSON and
 * travels with a checkpoint.
 */
export interface Weighting<State = unknown> {
  readonly name: string;
  /** What `step` needs to see; `nothing` means that the weights never change. */
  readonly needs: 'nothing' | 'losses';
  init(tasks: readonly string[]): State;
  step(input: WeightingInput, state: State): { readonly weights: Float64Array; readonly state: State };
}
