import { PolytaskError, suggest } from '../../common/error.ts';
import type { Answer } from './answer.ts';
import { binaryAnswer } from './binary.ts';
import { countAnswer } from './count.ts';
import { multiclassAnswer } from './multiclass.ts';
import { multilabelAnswer } from './multilabel.ts';
import { ordinalAnswer } from './ordinal.ts';
import { regressionAnswer } from './regression.ts';

const ANSWERS: Readonly<Record<string, Answer>> = {
  binary: binaryAnswer as Answer,
  multiclass: multiclassAnswer as Answer,
  multilabel: multilabelAnswer as Answer,
  regression: regressionAnswer as Answer,
  count: countAnswer as Answer,
  ordinal: ordinalAnswer as Answer,
};

/**
 * What tasks of a kind give back, without the kind itself.
 *
 * @throws `kind-unknown` with the nearest name
 * @example answerOf(fitted.kind).decode(outputs, 0, fitted);
 */
export function answerOf(kind: string): Answer {
  if (Object.hasOwn(ANSWERS, kind)) return ANSWERS[kind]!;
  throw new PolytaskError('kind-unknown', {
    path: 'kind',
    expected: 'a kind of task that this version knows',
    found: kind,
    help: suggest(kind, Object.keys(ANSWERS)),
  });
}
