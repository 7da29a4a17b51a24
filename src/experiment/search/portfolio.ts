import type { Candidate } from './candidate.ts';

/** What decides whether a network is worth a start. */
export interface TableSize {
  readonly rows: number;
  /** Numbers, categories and texts after encoding. */
  readonly features: number;
}

/** A network to begin a search with. */
export interface Entry extends Candidate {
  /** Whether a table of this size leaves it enough steps; default: always. */
  readonly fits?: (size: TableSize) => boolean;
}

/** Rows from which a step of few rows is mostly overhead. */
const MANY_ROWS = 50_000;
const isLarge = ({ rows }: TableSize): boolean => rows >= MANY_ROWS;
const isSmall = (size: TableSize): boolean => !isLarge(size);

/**
 * Networks to begin a search with, the best in general first; each differs from those before it in what tables differ in:
 * whether numbers have thresholds, how many rows there are for a parameter, and how noisy labels are.
 */
export const PORTFOLIO: readonly Entry[] = [
  {
    // Waves of each number: the best single network on most tables.
    name: 'periodic',
    settings: { model: { numeric: 'periodic', hidden: [256, 256], dropout: 0.3 } },
    fits: isSmall,
  },
  {
    // The same with batches that suit many rows.
    name: 'periodic, large batches',
    settings: {
      model: { numeric: 'periodic', hidden: [256, 128], dropout: 0.3 },
      training: { batchSize: 512 },
    },
    fits: isLarge,
  },
  {
    // Fine bins tell apart the values of whole numbers, as trees do; quick at a high rate, which the average calms.
    name: 'fine bins',
    settings: {
      model: { numeric: 'piecewise-linear:bins=64', hidden: [256, 256], dropout: 0.3 },
      training: { learningRate: 3e-3, average: 0.99 },
    },
  },
  {
    // Few parameters, for noisy labels.
    name: 'small, bins',
    settings: { model: { numeric: 'piecewise-linear', hidden: [64], dropout: 0.2 } },
  },
  {
    // One wide layer, most of it dropped: many weak effects of many columns.
    name: 'one wide layer, bins',
    settings: { model: { numeric: 'piecewise-linear:bins=32', hidden: [512], dropout: 0.5 } },
  },
  {
    // Smooth targets without noise: no dropout.
    name: 'resnet, no dropout',
    settings: { model: { encoder: 'resnet', hidden: [256, 256], dropout: 0 } },
  },
  {
    name: 'periodic, little dropout',
    settings: { model: { numeric: 'periodic', hidden: [256, 256], dropout: 0.1 } },
    fits: isSmall,
  },
  {
    // Averaged predictions: better than any one network where steps are affordable.
    name: 'ensemble, periodic',
    settings: {
      model: { encoder: 'ensemble:members=8', numeric: 'periodic', hidden: [128, 128], dropout: 0.1 },
    },
    fits: isSmall,
  },
  {
    name: 'ensemble, bins',
    settings: {
      model: { encoder: 'ensemble:members=8', numeric: 'piecewise-linear', hidden: [128, 128], dropout: 0.1 },
    },
    fits: isSmall,
  },
  {
    name: 'resnet, periodic',
    settings: {
      model: { encoder: 'resnet', numeric: 'periodic', hidden: [128, 128, 128], dropout: 0.2 },
      training: { learningRate: 5e-4 },
    },
  },
  {
    // Texts and categories alone: numbers as they are.
    name: 'plain, wide',
    settings: { model: { hidden: [512, 256], dropout: 0.4 } },
  },
  {
    // A sum of effects of single columns.
    name: 'additive, bins',
    settings: { model: { numeric: 'piecewise-linear:bins=32', hidden: [], dropout: 0 } },
  },
];

/** The networks that a table of some size is begun with. */
export function portfolioFor(size: TableSize): Candidate[] {
  return PORTFOLIO.filter(({ fits }) => fits === undefined || fits(size)).map(({ name, settings }) => ({
    name,
    settings,
  }));
}
