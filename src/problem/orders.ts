import { sortValues } from './classes.ts';

/** Words that have an order which everyone reads into them, lowest first; several spellings share a rank. */
const ORDERS: readonly (readonly string[])[] = [
  [
    'very low',
    'low',
    'lower-middle|medium-low',
    'medium|middle|mid|moderate',
    'upper-middle|medium-high',
    'high',
    'very high',
  ],
  ['none', 'slight|minor|mild', 'moderate|medium', 'severe|major', 'critical|extreme|fatal'],
  ['xxs', 'xs', 's', 'm', 'l', 'xl', 'xxl', 'xxxl'],
  ['tiny', 'small', 'medium', 'large', 'huge|very large|extra large'],
  ['never', 'rarely|seldom', 'sometimes|occasionally', 'often|usually|frequently', 'always'],
  [
    'terrible|very poor|very bad',
    'poor|bad',
    'fair|average|ok|typical',
    'good',
    'very good',
    'excellent|ideal',
  ],
  ['fair', 'good', 'very good', 'premium', 'ideal'],
  ['strongly disagree', 'disagree', 'neutral|neither|neither agree nor disagree', 'agree', 'strongly agree'],
  ['very dissatisfied', 'dissatisfied', 'neutral', 'satisfied', 'very satisfied'],
  ['very negative', 'negative', 'neutral', 'positive', 'very positive'],
  ['freezing', 'cold', 'cool|mild', 'warm', 'hot'],
  ['slow', 'medium|normal', 'fast'],
  ['short', 'medium|average', 'tall|long'],
  ['young', 'middle-aged|middle aged', 'old'],
  ['bronze', 'silver', 'gold', 'platinum', 'diamond'],
  ['junior', 'mid|middle', 'senior'],
  ['beginner', 'intermediate', 'advanced', 'expert'],
  ['unacc', 'acc', 'good', 'vgood'],
];

const RANKS: readonly ReadonlyMap<string, number>[] = ORDERS.map(
  (words) => new Map(words.flatMap((word, rank) => word.split('|').map((spelling) => [spelling, rank]))),
);

/** `[0-10)`, `18-24`, `<18`, `65+`, `$50,000 - $74,999`: ranges of numbers, ordered by where they start. */
const RANGE =
  /^([[(]|<=?|>=?|≤|≥|under |over )?\s*\$?(\d[\d,]*(?:\.\d+)?)\s*(?:(?:-|–|to)\s*\$?\d[\d,.]*|\+| or more| and over)?\s*[\])]?$/i;

/** `A`, `B+`, `C-`: letters in alphabetical order, the sign within a letter. */
const GRADE = /^([A-G])([+-]?)$/;

/** The values in an order that they are known to have, or undefined. */
export function knownOrder(values: readonly string[]): readonly string[] | undefined {
  return orderBy(values, wordRank(values)) ?? orderBy(values, rangeStart) ?? gradeOrder(values);
}

/** The order of an ordinal task: known words, numbers by size, else undefined. */
export function naturalOrder(values: readonly string[]): readonly string[] | undefined {
  const numeric = values.every((value) => value.trim() !== '' && Number.isFinite(Number(value)));
  return numeric ? sortValues(values) : knownOrder(values);
}

function orderBy(
  values: readonly string[],
  rank: ((value: string) => number | undefined) | undefined,
): readonly string[] | undefined {
  if (rank === undefined) return undefined;
  const ranked = values.map((value) => [rank(value), value] as const);
  const ranks = new Set(ranked.map(([place]) => place));
  if (ranks.has(undefined) || ranks.size !== values.length) return undefined;
  return ranked.sort(([a], [b]) => a! - b!).map(([, value]) => value);
}

const plain = (value: string): string => value.trim().toLowerCase().replaceAll('_', ' ');

function wordRank(values: readonly string[]): ((value: string) => number | undefined) | undefined {
  const order = RANKS.find((ranks) => values.every((value) => ranks.has(plain(value))));
  return order && ((value) => order.get(plain(value)));
}

/** "<18" lies before "18-24", and ">64" after "64". */
function rangeStart(value: string): number | undefined {
  const match = RANGE.exec(value.trim());
  if (match === null || /^\d+$/.test(value.trim())) return undefined;
  const start = Number(match[2]!.replaceAll(',', ''));
  const sign = match[1]?.trim().toLowerCase() ?? '';
  if (/^(<|≤|under)/.test(sign)) return start - 1e-6;
  return /^(>|≥|over)/.test(sign) ? start + 1e-6 : start;
}

/** Letters only count as grades when they are neighbours: A, B, C, but not A, G. */
function gradeOrder(values: readonly string[]): readonly string[] | undefined {
  const letters = sortValues(new Set(values.map((value) => GRADE.exec(value)?.[1] ?? '')));
  const dense = letters.every((letter, i) => letter.charCodeAt(0) === 'A'.charCodeAt(0) + i);
  if (!dense || letters.length < 3) return undefined;
  const signs: Readonly<Record<string, number>> = { '+': -1, '': 0, '-': 1 };
  return orderBy(values, (value) => {
    const [, letter, sign] = GRADE.exec(value)!;
    return letter!.charCodeAt(0) * 3 + signs[sign!]!;
  });
}
