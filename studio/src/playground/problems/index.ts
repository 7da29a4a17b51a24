import { digits } from './digits.ts';
import { plane } from './plane.ts';
import type { ToyProblem } from './problem.ts';
import { regressions } from './regressions.ts';

/** All problems of the playground, by name. */
export const PROBLEMS: Readonly<Record<string, ToyProblem>> = Object.fromEntries(
  [regressions, plane, digits].map((problem) => [problem.name, problem]),
);
