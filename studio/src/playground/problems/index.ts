import { digits } from './digits.ts';
import { plane } from './plane.ts';
import type { ToyProblem } from './problem.ts';
import { regressions } from './regressions.ts';
import { table } from './table.ts';

/** All problems of the playground, by name. */
export const PROBLEMS: Readonly<Record<string, ToyProblem>> = Object.fromEntries(
  [regressions, plane, digits, table].map((problem) => [problem.name, problem]),
);
