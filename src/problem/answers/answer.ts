import type { JsonSchema } from '../../common/json-schema.ts';
import type { FittedTask } from '../fitted.ts';

/** The keys of a prediction that are the answer itself; what is beside it tells more. */
export const ANSWER_KEYS: readonly string[] = ['label', 'value', 'rate', 'labels'];

/**
 * What a kind of task gives back for a row: the outputs of a model's link, in words of the user.
 *
 * It stands apart from losses and metrics, so that a page which predicts does not load what trains.
 */
export interface Answer<Fitted extends FittedTask = FittedTask, Prediction = unknown> {
  /** How many numbers a row's prediction is made of. */
  outputWidth(fitted: Fitted): number;
  /** What `predict` returns for the row whose outputs start at `offset`. */
  decode(outputs: ArrayLike<number>, offset: number, fitted: Fitted): Prediction;
  /** What `decode` returns, as JSON Schema: types and API documents are written from it. */
  schema(fitted: Fitted): JsonSchema;
}
