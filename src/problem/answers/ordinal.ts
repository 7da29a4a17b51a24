import { objectOf } from '../../common/json-schema.ts';
import type { FittedOrdinal } from '../kinds/ordinal.ts';
import type { Answer } from './answer.ts';
import { argmax, byClass, probabilitiesOf } from './by-class.ts';

export interface OrdinalPrediction<C extends string = string> {
  /** The likeliest class. */
  readonly label: C;
  /** Σ pₖ vₖ, with v the classes where they are numbers, else their ranks from 0. */
  readonly expected: number;
  readonly probabilities: Readonly<Record<C, number>>;
}

export const ordinalAnswer: Answer<FittedOrdinal, OrdinalPrediction> = {
  outputWidth: ({ classes }) => classes.length,
  decode: (outputs, offset, { classes, values }) => ({
    label: classes[argmax(outputs, offset, classes.length)]!,
    expected: values.reduce((sum, value, k) => sum + value * outputs[offset + k]!, 0),
    probabilities: byClass(outputs, offset, classes),
  }),
  schema: ({ classes }) =>
    objectOf({
      label: { type: 'string', enum: classes },
      expected: { type: 'number' },
      probabilities: probabilitiesOf(classes),
    }),
};
