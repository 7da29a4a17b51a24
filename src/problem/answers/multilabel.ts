import { objectOf } from '../../common/json-schema.ts';
import type { FittedMultilabel } from '../kinds/multilabel.ts';
import type { Answer } from './answer.ts';
import { byClass, probabilitiesOf } from './by-class.ts';

export interface MultilabelPrediction<C extends string = string> {
  /** The labels whose probability reaches the threshold. */
  readonly labels: readonly C[];
  readonly probabilities: Readonly<Record<C, number>>;
}

export const multilabelAnswer: Answer<FittedMultilabel, MultilabelPrediction> = {
  outputWidth: ({ labels }) => labels.length,
  decode: (outputs, offset, { labels, options: { threshold = 0.5 } }) => ({
    labels: labels.filter((_, k) => outputs[offset + k]! >= threshold),
    probabilities: byClass(outputs, offset, labels),
  }),
  schema: ({ labels }) =>
    objectOf({
      labels: { type: 'array', items: { type: 'string', enum: labels } },
      probabilities: probabilitiesOf(labels),
    }),
};
