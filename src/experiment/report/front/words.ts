import type { FrontResult } from '../../front/result.ts';
import { score } from '../format.ts';
import { pointViews } from './view.ts';

/** Tasks of the most whose ranges are told. */
const MOST_TOLD = 3;

/** What a front says, the answer first. */
export function frontWords(result: FrontResult): string[] {
  const views = pointViews(result);
  const front = views.filter(({ point }) => point.front);
  const unknown = views.filter(({ point }) => Object.values(point.gain).includes(null)).length;
  const beaten = views.length - front.length - unknown;
  const rest = [
    ...(unknown === 0
      ? []
      : [`Some metric is not defined on the validation rows at ${unknown} of the preferences.`]),
    ...volume(result),
  ];
  const [first, second] = front;
  if (first === undefined)
    return ['No front.', 'The metrics of the tasks are not all defined on the validation rows.'];
  if (second === undefined)
    return [
      'No trade-off.',
      `With preference ${first.label} every task is at least as well off as with any other.`,
      ...rest,
    ];
  const ranges = result.tasks
    .slice(0, MOST_TOLD)
    .map(({ name, validation: { metric, higherIsBetter } }, t) => {
      const values = front.map(({ point }) => point.validation[name]!.mean).sort((a, b) => a - b);
      const [worst, best] = higherIsBetter ? [values[0]!, values.at(-1)!] : [values.at(-1)!, values[0]!];
      return `${name} (${metric})${t === 0 ? ' goes' : ''} from ${score(worst, best)} to ${score(best, worst)}`;
    });
  return [
    `A trade-off of ${front.length} points.`,
    `Along it, ${ranges.join(', ')}${result.tasks.length > MOST_TOLD ? ', and so on' : ''}.`,
    ...(beaten === 0
      ? []
      : [
          `Of ${views.length} preferences, ${beaten === 1 ? 'one is' : `${beaten} are`} beaten: another is at least as good on every task.`,
        ]),
    ...rest,
  ];
}

/** The tasks in the order of a preference's parts. */
export function names({ tasks }: FrontResult): string {
  return tasks.map(({ name }) => name).join(' : ');
}

function volume({ hypervolume, seeds }: FrontResult): string[] {
  if (hypervolume === undefined) return [];
  const { mean, low, high } = hypervolume;
  const range =
    seeds.length === 1 ? '' : ` (${low.toFixed(3)} to ${high.toFixed(3)} over ${seeds.length} seeds)`;
  return [`Hypervolume ${mean.toFixed(3)}${range}.`];
}
