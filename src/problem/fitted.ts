/** What a kind learned from the training rows of one task: plain JSON, which travels with an exported model. */
export interface FittedTask {
  readonly name: string;
  /** A name of the registry. */
  readonly kind: string;
  /** The column that holds the labels. */
  readonly column: string;
  readonly options: object;
  /** Training rows that have a label. */
  readonly labelled: number;
}
