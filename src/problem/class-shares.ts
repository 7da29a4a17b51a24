import type { FittedTask } from './fitted.ts';

/** A class, or a label of several that a row may have, and its share of the training rows with labels. */
export interface ClassShare {
  readonly name: string;
  readonly share: number;
}

/** How the labels of a task divide among classes, in their order; undefined where labels are numbers. */
export function classShares(task: FittedTask): ClassShare[] | undefined {
  const { rates, classes, labels } = task as FittedTask & {
    readonly rates?: readonly number[];
    readonly classes?: readonly string[];
    readonly labels?: readonly string[];
  };
  const names = classes ?? labels;
  return rates && names?.map((name, i) => ({ name, share: rates[i]! }));
}
