import { meanOf, relativeChanges } from './delta.ts';
import { finite, type Interval, pairedInterval } from './interval.ts';
import { change } from './phrases.ts';
import type { ScoredTask, Scores } from './transfer.ts';

/** Both ways with some of the training rows. */
export interface SizeScores {
  /** Training rows. */
  readonly rows: number;
  readonly multi: Scores;
  readonly independent: Scores;
}

/** How what sharing brings depends on the number of training rows. */
export interface SampleEfficiency {
  readonly fewest: { readonly rows: number; readonly delta: number };
  readonly most: { readonly rows: number; readonly delta: number };
  /** The mean Δ with the fewest rows less that with the most, paired by seed. */
  readonly difference: Interval;
}

/**
 * Compares the mean Δ at both ends of a sample-efficiency curve, paired by seed; null where one of them has none.
 *
 * @param sizes ascending by rows, at least two
 */
export function sampleEfficiency(
  tasks: readonly ScoredTask[],
  sizes: readonly SizeScores[],
): SampleEfficiency | null {
  const [fewest, most] = [sizes[0], sizes.at(-1)];
  if (fewest === undefined || most === undefined || fewest === most) return null;
  const directions = tasks.map(({ higherIsBetter }) => higherIsBetter);
  const gains = ({ multi, independent }: SizeScores): (number | null)[] =>
    relativeChanges(multi.test, independent.test, directions).map(meanOf);
  const [few, many] = [gains(fewest), gains(most)];
  const differences = few.map((gain, s) => {
    const other = many[s] ?? null;
    return gain === null || other === null ? null : gain - other;
  });
  const difference = pairedInterval(finite(differences));
  if (difference === null) return null;
  return {
    fewest: { rows: fewest.rows, delta: meanOf(few)! },
    most: { rows: most.rows, delta: meanOf(many)! },
    difference,
  };
}

/** A sentence of it. */
export function efficiencyWords({ fewest, most, difference: { low, high } }: SampleEfficiency): string {
  const at = ({ rows, delta }: SampleEfficiency['fewest']): string =>
    `${rows.toLocaleString('en')} training rows the tasks do ${change(delta)} together than apart`;
  const numbers = `with ${at(fewest)}, with ${most.rows.toLocaleString('en')} ${change(most.delta)}`;
  if (low === null || high === null)
    return `Rows and gain: ${numbers}; one seed does not tell that from chance.`;
  if (low > 0) return `Sharing brings most with few rows: ${numbers}.`;
  if (high < 0) return `Sharing brings more the more rows there are: ${numbers}.`;
  return `Whether sharing brings more with few rows is not settled: ${numbers}.`;
}
