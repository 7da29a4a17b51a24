import { compareResults } from '../../compare/compare-results.ts';
import type { Comparison } from '../../compare/comparison.ts';
import type { RunResult } from '../../result.ts';
import { hostile } from '../fixtures.ts';

/** Each task alone, and several runs beside. */
export function comparisonOf(make: () => RunResult, others: number = 2): Comparison {
  const result = make();
  const alone = { ...result, multi: result.independent! };
  const runs = [alone, ...Array.from({ length: others }, () => make())];
  return compareResults(
    runs.map((run, i) => ({
      name: i === 0 ? 'alone' : `${make === hostile ? '<script>' : 'run'} ${i}`,
      result: run,
      settings: { 'model.sharing': run.multi.sharing, 'model.hidden': [64, 32].slice(i) },
    })),
    ['model.sharing', 'model.hidden'],
    0,
  );
}
