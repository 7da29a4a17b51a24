import { objectOf, PROBABILITY } from '../../common/json-schema.ts';
import type { FittedBinary } from '../kinds/binary.ts';
import type { Answer } from './answer.ts';

export interface BinaryPrediction {
  /** Of the positive class. */
  readonly probability: number;
  /** A boolean where the column holds booleans or 0 and 1, else the text of the class. */
  readonly label: boolean | string;
}

const TRUTHS = [
  ['false', 'true'],
  ['0', '1'],
];

/** Whether the label of a task is a boolean. */
const isTruth = ({ classes }: FittedBinary): boolean =>
  TRUTHS.some((pair) => pair.every((value) => classes.includes(value)));

export const binaryAnswer: Answer<FittedBinary, BinaryPrediction> = {
  outputWidth: () => 1,
  decode: (outputs, offset, fitted) => {
    const { classes, options } = fitted;
    const probability = outputs[offset]!;
    const label = classes[Number(probability >= (options.threshold ?? 0.5))]!;
    return { probability, label: isTruth(fitted) ? ['true', '1'].includes(label) : label };
  },
  schema: (fitted) =>
    objectOf({
      probability: { ...PROBABILITY, description: `of ${fitted.classes[1]}` },
      label: isTruth(fitted) ? { type: 'boolean' } : { type: 'string', enum: fitted.classes },
    }),
};
