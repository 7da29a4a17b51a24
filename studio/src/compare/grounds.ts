import type { ListedRun } from '../api.ts';

/** Finished runs of the same rows, split and tasks. */
export interface Ground {
  readonly key: string;
  /** In words: the table, and what is learned from it. */
  readonly name: string;
  /** Those that changed last first. */
  readonly runs: readonly ListedRun[];
}

/** What can be compared with what, the newest first. */
export function groundsOf(runs: readonly ListedRun[]): Ground[] {
  const keys = [...new Set(runs.flatMap(({ summary }) => (summary ? [summary.ground] : [])))];
  return keys.map((key) => {
    const own = runs.filter(({ summary }) => summary?.ground === key);
    const { source, taskCount, tasks } = own[0]!.summary!;
    const names = tasks.slice(0, 2).map(({ name }) => name);
    const told = taskCount <= 2 ? names.join(' and ') : `${taskCount} tasks`;
    const count = own.length === 1 ? '1 run' : `${own.length} runs`;
    return { key, name: `${source.split(/[\\/]/).at(-1)}: ${told}, ${count}`, runs: own };
  });
}
