import { objectOf } from '../../common/json-schema.ts';
import type { FittedCount } from '../kinds/count.ts';
import type { Answer } from './answer.ts';

export interface CountPrediction {
  /** Expected count, per unit of exposure where there is one. */
  readonly rate: number;
}

export const countAnswer: Answer<FittedCount, CountPrediction> = {
  outputWidth: () => 1,
  decode: (outputs, offset) => ({ rate: outputs[offset]! }),
  schema: ({ options: { exposure } }) =>
    objectOf({
      rate: { type: 'number', minimum: 0, ...(exposure && { description: `per unit of ${exposure}` }) },
    }),
};
