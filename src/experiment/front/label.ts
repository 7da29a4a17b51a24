/** Tasks of the most whose parts are all told. */
export const MOST_PARTS = 4;

/**
 * A preference in a few words: its parts in per cent, in the order of the tasks, or, of many tasks, those that matter more
 * than they would if all were alike.
 *
 * @example preferenceLabel({ income: 0.725, hours: 0.275 }); // '72 : 28'
 */
export function preferenceLabel(preference: Readonly<Record<string, number>>): string {
  const parts = Object.entries(preference);
  if (parts.length <= MOST_PARTS) return parts.map(([, part]) => percent(part)).join(' : ');
  const above = parts.filter(([, part]) => part > 1.01 / parts.length);
  return above.length === 0
    ? 'all alike'
    : above.map(([name, part]) => `${shorten(name)} ${percent(part)} %`).join(', ');
}

/** Whole, halves to the even side, so that two parts are 100 together. */
function percent(part: number): string {
  const value = Number((100 * part).toFixed(6));
  const half = value % 1 === 0.5;
  return String(half ? 2 * Math.round(value / 2) : Math.round(value));
}

function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST
    ? name
    : `${characters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}

const LONGEST = 18;
