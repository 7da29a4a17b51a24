import { PolytaskError } from '../../common/error.ts';
import type { Column, StringColumn } from '../../common/table.ts';
import { sigmoid } from '../../engine/operators/elementwise.ts';
import { reduceMean } from '../../engine/operators/reduce.ts';
import { type MultilabelPrediction, multilabelAnswer } from '../answers/multilabel.ts';
import { temperature } from '../calibration/temperature.ts';
import { MOST_CLASSES, sortValues } from '../classes.ts';
import type { EncodedLabels, FitContext, FittedTask, Kind } from '../kind.ts';
import { chooseSeparator, parseList, roughParts, type Separator } from '../lists.ts';
import { exactMatch } from '../metrics/accuracy.ts';
import { aucMetric } from '../metrics/auc.ts';
import { averagePrecisionMetric } from '../metrics/average-precision.ts';
import { calibrationError } from '../metrics/calibration-error.ts';
import { macroF1, microF1 } from '../metrics/f1.ts';
import { brier, logLoss } from '../metrics/log-loss.ts';
import { between, labels, oneOf, parseFields } from '../options.ts';
import { bernoulliLoss, logit } from '../tensors.ts';
import { constantLabels, unlabelled } from '../values.ts';

export interface MultilabelOptions {
  /** The labels in order; by default those of the training rows. */
  readonly labels?: readonly string[];
  /** What stands between labels; by default JSON lists, "|", ";" or ",", whichever the column uses. */
  readonly separator?: Separator;
  /** The probability from which a label is predicted: 0.5 unless given. */
  readonly threshold?: number;
}

export interface FittedMultilabel extends FittedTask {
  readonly options: MultilabelOptions;
  readonly labels: readonly string[];
  readonly separator: Separator;
  /** Share of every label, strictly between 0 and 1. */
  readonly rates: readonly number[];
}

/** Label lists of every value of the dictionary, read once. */
function listsOf(column: Column, separator: Separator, path: string): string[][] {
  return texts(column, path).dictionary.map((value) => parseList(value, separator, column.name, path));
}

function texts(column: Column, path: string): StringColumn {
  if (column.type === 'string') return column;
  throw new PolytaskError('column-type', {
    path,
    expected: 'a column of texts that list labels, such as "red|round"',
    found: `column "${column.name}" of type ${column.type}`,
    help: 'Use a binary or multiclass task for single labels.',
  });
}

/** How often each label stands in some rows, and how many rows have a list. */
function count(
  column: StringColumn,
  rows: Int32Array,
  lists: readonly string[][],
): [Map<string, number>, number] {
  const counts = new Map<string, number>();
  let labelled = 0;
  for (const row of rows) {
    const code = column.codes[row]!;
    if (code < 0) continue;
    labelled++;
    for (const label of lists[code]!) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [counts, labelled];
}

function fitTask(
  name: string,
  column: Column,
  rows: Int32Array,
  options: MultilabelOptions,
  { pooled }: FitContext<FittedMultilabel> = {},
): FittedMultilabel {
  const path = `tasks.${name}`;
  const own = texts(column, path);
  const separator = pooled?.separator ?? options.separator ?? chooseSeparator(own.dictionary);
  const [counts, labelled] = count(own, rows, listsOf(own, separator, path));
  const found = pooled?.labels ?? options.labels ?? sortValues(counts.keys());
  if (pooled === undefined) {
    if (labelled === 0) throw unlabelled(column.name, path);
    if (found.length === 0) throw constantLabels(column.name, 'an empty list', path);
  }
  if (found.length > MOST_CLASSES)
    throw new PolytaskError('classes-too-many', {
      path,
      expected: `at most ${MOST_CLASSES} labels`,
      found: `${found.length} in column "${column.name}"`,
      help: 'Name those to predict with the option labels, or check the separator.',
    });
  // Half a row keeps the logit of a label that is always or never there finite.
  const rates = found.map((label, k) => {
    const hits = counts.get(label) ?? 0;
    if (pooled !== undefined) return (hits + pooled.rates[k]!) / (labelled + 1);
    return Math.min(labelled - 0.5, Math.max(0.5, hits)) / labelled;
  });
  return {
    name,
    kind: 'multilabel',
    column: column.name,
    options,
    labelled,
    labels: found,
    separator,
    rates,
  };
}

function encode(column: Column, fitted: FittedMultilabel): EncodedLabels {
  const path = `tasks.${fitted.name}`;
  const own = texts(column, path);
  const width = fitted.labels.length;
  const index = new Map(fitted.labels.map((label, k) => [label, k]));
  const lists = listsOf(own, fitted.separator, path).map((list) => list.map((label) => index.get(label)));
  const rows = own.codes.length;
  const result = new Float32Array(rows * width);
  const weights = new Float32Array(rows);
  let unseen = 0;
  for (let row = 0; row < rows; row++) {
    const list = lists[own.codes[row]!];
    if (list === undefined) continue;
    weights[row] = 1;
    // A new label beside known ones does not make the known ones unknown: the row stays labelled.
    if (list.includes(undefined)) unseen++;
    for (const k of list) if (k !== undefined) result[row * width + k] = 1;
  }
  return { labels: result, targets: Float64Array.from(result), weights, unseen };
}

/** Any number of L labels: Pₖ = σ(lₖ), and the loss is the mean over labels of ln(1 + e^lₖ) − yₖ lₖ. */
export const multilabel: Kind<MultilabelOptions, FittedMultilabel, MultilabelPrediction> = {
  name: 'multilabel',
  parseOptions: (raw, path) =>
    parseFields<MultilabelOptions>(raw, path, {
      labels: labels(1),
      separator: oneOf('json', '|', ';', ','),
      threshold: between(0, 1, true),
    }),
  suits: ({ type, values }) => {
    if (type !== 'string') return { score: 0, reason: 'not texts' };
    const separator = chooseSeparator(values);
    const lists = values.map((value) => roughParts(value, separator));
    const several = lists.filter((list) => list.length > 1).length / values.length;
    const parts = new Set(lists.flat());
    // Labels repeat from list to list and are short; sentences with commas are neither.
    const short = [...parts].every((part) => part.length <= 40 && part.split(' ').length <= 4);
    const repeat = parts.size <= Math.max(3, values.length) && parts.size <= MOST_CLASSES;
    if (!(several >= 0.2 && short && repeat)) return { score: 0, reason: 'no lists of labels' };
    return { score: 0.85, reason: `lists of ${parts.size} labels` };
  },
  fit: fitTask,
  encode,
  family: ({ labels: names }) => `multilabel/${names.length}`,
  width: ({ labels: names }) => names.length,
  labelWidth: ({ labels: names }) => names.length,
  ...multilabelAnswer,
  loss: (logits, truth) => reduceMean(bernoulliLoss(logits, truth), -1),
  linkParameters: () => [],
  link: (logits) => sigmoid(logits),
  initialBias: ({ rates }) => rates.map(logit),
  baseline: ({ rates }) => [...rates],
  metrics: () => [
    aucMetric,
    averagePrecisionMetric,
    macroF1,
    microF1,
    exactMatch,
    logLoss,
    brier,
    calibrationError,
  ],
  calibrator: temperature,
  primary: () => 'auc',
};
