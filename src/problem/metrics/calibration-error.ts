import { argmax } from '../answers/by-class.ts';
import { type Metric, metric, type Scored } from './metric.ts';

const BINS = 15;

/** What was claimed with which confidence, and whether it came true. */
type Claim = (confidence: number, truth: number, weight: number) => void;

function claims({ rows, outputWidth, labelWidth, outputs, targets, weights }: Scored, claim: Claim): void {
  for (let row = 0; row < rows; row++) {
    const offset = row * outputWidth;
    if (labelWidth === outputWidth)
      for (let k = 0; k < outputWidth; k++) claim(outputs[offset + k]!, targets[offset + k]!, weights[row]!);
    else {
      const top = argmax(outputs, offset, outputWidth);
      claim(outputs[offset + top]!, Number(targets[row] === top), weights[row]!);
    }
  }
}

/**
 * Expected calibration error: the mean over 15 equal bins of probability of |share that came true − mean probability|,
 * weighted by the rows in the bin. One column, or each label, is judged by its own probability; exclusive classes by
 * that of the likeliest.
 *
 * C. Guo, G. Pleiss, Y. Sun, K. Weinberger: On calibration of modern neural networks. ICML 2017, arXiv 1706.04599.
 */
export const calibrationError: Metric = metric('calibration-error', false, (scored) => {
  const gaps = new Float64Array(BINS);
  let total = 0;
  claims(scored, (confidence, truth, weight) => {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(confidence * BINS)));
    gaps[bin]! += weight * (truth - confidence);
    total += weight;
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
});
