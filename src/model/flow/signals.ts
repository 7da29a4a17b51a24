import {
  add,
  cast,
  concat,
  constant,
  greater,
  log,
  matmul,
  neg,
  oneHot,
  sigmoid,
  slice,
  softmax,
  softplus,
  squeeze,
  type Tensor,
} from '../../engine/index.ts';

/** What later tasks see of a task: the same quantity from its logits and from its label, of the order of 1. */
interface Signal {
  /** [..., batch, width] → [..., batch, size] */
  ofLogits(logits: Tensor): Tensor;
  /** [..., batch, label width] → [..., batch, size] */
  ofLabels(labels: Tensor, width: number): Tensor;
}

const repeated = (labels: Tensor, width: number): Tensor =>
  width === 1 ? labels : concat(new Array<Tensor>(width).fill(labels), -1);

/** By kind of task. */
export const SIGNALS: Readonly<Record<string, Signal>> = {
  /** P(y = 1). */
  binary: { ofLogits: sigmoid, ofLabels: (labels) => labels },
  /** P(y = k) for each class. */
  multiclass: {
    ofLogits: (logits) => softmax(logits),
    ofLabels: (labels, width) => oneHot(cast(squeeze(labels, -1), 'int32'), width),
  },
  /** P(label k is there). */
  multilabel: { ofLogits: sigmoid, ofLabels: (labels) => labels },
  /** P(y > k) for each class but the last. */
  ordinal: {
    ofLogits: (logits) => sigmoid(thresholds(logits)),
    ofLabels: (labels, width) => {
      const classes = Array.from({ length: width }, (_, k) => k);
      return cast(greater(labels, constant(classes)), labels.dtype);
    },
  },
  /** The standardised target, for each quantile that there is. */
  regression: { ofLogits: (logits) => logits, ofLabels: repeated },
  /** ln(1 + count), in units of the mean count. */
  count: {
    ofLogits: softplus,
    ofLabels: (labels) => log(add(slice(labels, -1, 0, 1), 1)),
  },
};

/** c₀ = l₀, cₖ = cₖ₋₁ − ln(1 + e^lₖ): the cumulative logits of an ordinal task. */
function thresholds(logits: Tensor): Tensor {
  const width = logits.shape.at(-1) as number;
  if (width === 1) return logits;
  const steps = concat([slice(logits, -1, 0, 1), neg(softplus(slice(logits, -1, 1, width)))], -1);
  const sum = Array.from({ length: width * width }, (_, i) => Number(Math.floor(i / width) <= i % width));
  return matmul(steps, constant(sum, { shape: [width, width] }));
}
