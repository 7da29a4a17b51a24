import type { RowChoice } from '../divide-rows.ts';
import type { RunConfig } from '../run-config.ts';

/** What a run does once more on other rows. */
export interface Repeat {
  /** What its files are called after. */
  readonly name: string;
  /** Which rows, in words. */
  readonly label: string;
  readonly choice: RowChoice;
}

/** What a run repeats beside its own rows: the other folds, or the shares of the training rows below 1, ascending. */
export function repeatsOf({ folds = 1, fractions = [] }: Pick<RunConfig, 'folds' | 'fractions'>): Repeat[] {
  const shares = [...new Set(fractions)].filter((share) => share < 1).sort((a, b) => a - b);
  return [
    ...Array.from({ length: folds - 1 }, (_, i) => ({
      name: `fold-${i + 2}`,
      label: `fold ${i + 2} of ${folds}`,
      choice: { fold: i + 1 },
    })),
    ...shares.map((fraction) => ({
      name: `fraction-${fraction}`,
      label: `${Number((100 * fraction).toPrecision(6))} % of the training rows`,
      choice: { fraction },
    })),
  ];
}

/** The run's own rows, in words, where it has others beside. */
export function labelOfOwn({ folds, fractions }: Pick<RunConfig, 'folds' | 'fractions'>): string | undefined {
  if (folds !== undefined) return `fold 1 of ${folds}`;
  return fractions === undefined ? undefined : 'all training rows';
}

/** What is left of the time for one choice of rows. */
export function withTimeOf<C extends RunConfig>(config: C): C {
  if (config.timeLimit === undefined) return config;
  return { ...config, timeLimit: config.timeLimit / (repeatsOf(config).length + 1) };
}
