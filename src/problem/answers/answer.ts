import type { JsonSchema } from '../../common/json-schema.ts';
import type { FittedTask } from '../fitted.ts';

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
