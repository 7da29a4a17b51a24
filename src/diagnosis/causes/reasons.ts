import type { Verdict } from '../verdict.ts';
import type { Bearing } from './cause.ts';
import type { Causes } from './registry.ts';

/** More would not be read. */
const MOST_REASONS = 2;

/** What explains a verdict. */
const EXPLAINS: Readonly<Record<Verdict, readonly Bearing[]>> = {
  share: ['helps'],
  separate: ['hurts'],
  mixed: ['hurts', 'helps'],
  undecided: ['limits'],
};

const WHY = 'Why: ';

/**
 * The words of a diagnosis with the strongest causes of its verdict, at most two, before what to do next. Those of an
 * earlier look give way.
 */
export function withReasons(words: readonly string[], verdict: Verdict, { found }: Causes): string[] {
  const reasons = found
    .filter(({ bearing }) => EXPLAINS[verdict].includes(bearing))
    .slice(0, MOST_REASONS)
    .map(({ sentence }) => sentence);
  const [first, ...more] = reasons;
  const plain = words.filter((sentence) => !sentence.startsWith(WHY));
  const at = plain.at(-1)?.startsWith('Next: ') ? plain.length - 1 : plain.length;
  return plain.toSpliced(at, 0, ...(first === undefined ? [] : [[`${WHY}${first}`, ...more].join(' ')]));
}
