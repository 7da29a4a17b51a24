import { type JsonSchema, objectOf, PROBABILITY } from '../../common/json-schema.ts';

/** The place of the largest of `width` outputs; the first at a tie. */
export function argmax(outputs: ArrayLike<number>, offset: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) if (outputs[offset + k]! > outputs[offset + best]!) best = k;
  return best;
}

/** Outputs by class name. */
export function byClass<C extends string>(
  outputs: ArrayLike<number>,
  offset: number,
  classes: readonly string[],
): Record<C, number> {
  return Object.fromEntries(classes.map((name, k) => [name, outputs[offset + k]!])) as Record<C, number>;
}

/** A probability for each class. */
export function probabilitiesOf(classes: readonly string[]): JsonSchema {
  return objectOf(Object.fromEntries(classes.map((name) => [name, PROBABILITY])));
}
