import { type Hits, hits } from './decisions.ts';
import { type Metric, metric } from './metric.ts';

/** 2 right / (2 right + wrong + missed), the harmonic mean of precision and recall. */
function score({ right, wrong, missed }: Hits): number {
  return (2 * right) / (2 * right + wrong + missed);
}

/** F1 of the positive class of a binary task; null where it neither occurs nor is predicted. */
export const f1: Metric = metric('f1', true, (scored, fitted) => score(hits(scored, fitted)[1]!));

/** Mean F1 over the classes or labels that occur or are predicted. */
export const macroF1: Metric = metric('macro-f1', true, (scored, fitted) => {
  const scores = hits(scored, fitted).map(score).filter(Number.isFinite);
  return scores.reduce((a, b) => a + b, 0) / scores.length;
});

/** F1 of all decisions together; for exclusive classes it is the accuracy. */
export const microF1: Metric = metric('micro-f1', true, (scored, fitted) =>
  score(
    hits(scored, fitted).reduce((a, b) => ({
      right: a.right + b.right,
      wrong: a.wrong + b.wrong,
      missed: a.missed + b.missed,
    })),
  ),
);
