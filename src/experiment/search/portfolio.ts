import type { TrainingConfig } from '../run-config.ts';
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

/** Rows from which large batches are worth it, and slow steps are not. */
const MANY_ROWS = 50_000;
/** Features up to which attention between every two of them is affordable. */
const FEW_FEATURES = 40;
const isLarge = ({ rows }: TableSize): boolean => rows >= MANY_ROWS;
const isSmall = (size: TableSize): boolean => !isLarge(size);

/** Strong decay and an averaged θ: what noisy tables want of nearly every network. */
const calm: Partial<TrainingConfig> = {
  optimiser: { kind: 'adamw', weightDecay: 0.3 },
  average: 0.99,
};

/**
 * Networks to begin a search with, the best in general first; each differs from those before it in what tables differ in:
 * whether numbers name, count or measure, how noisy labels are, and how many rows there are. Attention over
 * features comes last, for tables of few columns: nowhere did it come before a perceptron with embedded numbers, and its steps
 * take several times as long.
 */
export const PORTFOLIO: readonly Entry[] = [
  {
    // Many rows: waves, wider embeddings, strong decay, and few long steps.
    name: 'periodic, large batches',
    settings: {
      model: { numeric: 'periodic', hidden: [256, 128], dropout: 0.3, embedding: 8 },
      training: {
        batchSize: 1024,
        learningRate: 2e-3,
        optimiser: { kind: 'adamw', weightDecay: 1 },
        average: 0.995,
      },
    },
    fits: isLarge,
  },
  {
    // Numbers with thresholds and numbers that name things, noisy labels: the best single network in general.
    name: 'bins',
    settings: { model: { numeric: 'bins:bins=32', hidden: [128, 128], dropout: 0.3 }, training: calm },
  },
  {
    // Numbers that measure: smoother than bins.
    name: 'periodic',
    settings: { model: { numeric: 'periodic', hidden: [256, 256], dropout: 0.3 }, training: calm },
  },
  {
    // Smooth targets without noise: no dropout.
    name: 'resnet, no dropout',
    settings: {
      model: { encoder: 'resnet', hidden: [256, 256], dropout: 0 },
      training: { average: 0.99 },
    },
    fits: isSmall,
  },
  {
    // Many groups and weak effects of many columns: a bin for each of up to 129 values, one wide layer, most of it dropped.
    name: 'one wide layer, fine bins',
    settings: {
      model: { numeric: 'bins:bins=128,width=8', hidden: [512], dropout: 0.5 },
      training: { ...calm, optimiser: { kind: 'adamw', weightDecay: 1 } },
    },
    fits: isSmall,
  },
  {
    // Texts and categories alone, wide and deep.
    name: 'plain, wide',
    settings: { model: { hidden: [512, 256], dropout: 0.4 } },
  },
  {
    // Bins without vectors of their own: fewer parameters where numbers only measure.
    name: 'piecewise-linear',
    settings: {
      model: { numeric: 'piecewise-linear', hidden: [256, 256], dropout: 0.3 },
      training: calm,
    },
  },
  {
    // Few parameters, for few rows a task.
    name: 'small, piecewise-linear',
    settings: { model: { numeric: 'piecewise-linear', hidden: [64], dropout: 0.2 }, training: calm },
  },
  {
    // At a high rate, which the average calms: some tables are learned in a third of the steps.
    name: 'periodic, quick',
    settings: {
      model: { numeric: 'periodic', hidden: [256, 256], dropout: 0.1 },
      training: { learningRate: 3e-3, average: 0.99 },
    },
  },
  {
    // Averaged predictions: a little better than one network, for three to five times its steps.
    name: 'ensemble, bins',
    settings: {
      model: {
        encoder: 'ensemble:members=8',
        numeric: 'bins:bins=32',
        hidden: [128, 128],
        dropout: 0.3,
      },
      training: calm,
    },
    fits: isSmall,
  },
  {
    // Interactions through residual blocks.
    name: 'resnet, bins',
    settings: {
      model: { encoder: 'resnet', numeric: 'bins:bins=32', hidden: [128, 128], dropout: 0.2 },
      training: calm,
    },
  },
  {
    // A sum of effects of single columns.
    name: 'additive, piecewise-linear',
    settings: { model: { numeric: 'piecewise-linear:bins=32', hidden: [], dropout: 0 }, training: calm },
  },
  {
    // Products of columns, where there are few of them.
    name: 'attention',
    settings: {
      model: { encoder: 'transformer', hidden: [64, 64], dropout: 0.1 },
      training: { ...calm, learningRate: 5e-4 },
    },
    fits: (size) => isSmall(size) && size.features <= FEW_FEATURES,
  },
];

/** The networks that a table of some size is begun with. */
export function portfolioFor(size: TableSize): Candidate[] {
  return PORTFOLIO.filter(({ fits }) => fits === undefined || fits(size)).map(({ name, settings }) => ({
    name,
    settings,
  }));
}
