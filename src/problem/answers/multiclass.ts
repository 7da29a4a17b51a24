import { objectOf } from '../../common/json-schema.ts';
import type { FittedMulticlass } from '../kinds/multiclass.ts';
import type { Answer } from './answer.ts';
import { argmax, byClass, probabilitiesOf } from './by-class.ts';

export interface MulticlassPrediction<C extends string = string> {
  /** The likeliest class. */
  readonly label: C;
  readonly probabilities: Readonly<Record<C, number>>;
}

export const multiclassAnswer: Answer<FittedMulticlass, MulticlassPrediction> = {
  outputWidth: ({ classes }) => classes.length,
  decode: (outputs, offset, { classes }) => ({
    label: classes[argmax(outputs, offset, classes.length)]!,
    probabilities: byClass(outputs, offset, classes),
  }),
  schema: ({ classes }) =>
    objectOf({ label: { type: 'string', enum: classes }, probabilities: probabilitiesOf(classes) }),
};
