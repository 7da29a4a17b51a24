import { CAUSES, type Cause } from '../../../diagnosis/index.ts';

export const ruleOf = ({ code }: Pick<Cause, 'code'>): (typeof CAUSES)[number] =>
  CAUSES.find((rule) => rule.code === code)!;

export const titleOf = (cause: Pick<Cause, 'code'>): string => ruleOf(cause).title;

/** Whom it concerns, the first few by name. */
export function tasksOf({ tasks }: Pick<Cause, 'tasks'>): string {
  return tasks.length <= MOST_NAMES
    ? tasks.join(', ')
    : `${tasks.slice(0, MOST_NAMES).join(', ')} and ${tasks.length - MOST_NAMES} more`;
}

const MOST_NAMES = 8;

/** The statistic as it is read: `cosine of a and b −0.42, beyond −0.1`. */
export function measuredWords({ statistic: { name, value, threshold } }: Cause): string {
  return `${name}: ${short(value)}, threshold ${short(threshold)}`;
}
/** Three digits, or two below 1. */
export function short(value: number): string {
  return String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3))).replace('-', '−');
}
