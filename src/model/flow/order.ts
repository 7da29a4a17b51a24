import { PolytaskError, suggest } from '../../common/error.ts';
import type { HeadSpec } from '../heads.ts';

/** An error of a flow, or of one of its options. */
export function flowError(
  option: string | undefined,
  facts: { readonly expected: string; readonly found: string; readonly help: string },
): PolytaskError {
  return new PolytaskError('flow-invalid', {
    path: option === undefined ? 'model.flow' : `model.flow.${option}`,
    ...facts,
  });
}

/** Who comes directly before each task. */
export type Parents = Readonly<Record<string, readonly string[]>>;

/**
 * Refuses names that no task has.
 *
 * @throws `flow-invalid` with the nearest name
 */
export function requireTasks(names: readonly string[], heads: readonly HeadSpec[], option: string): void {
  const known = heads.map(({ name }) => name);
  const stray = names.find((name) => !known.includes(name));
  if (stray === undefined) return;
  throw flowError(option, { expected: 'names of tasks', found: stray, help: suggest(stray, known) });
}

/** Refuses tasks of other kinds. @throws `flow-invalid` */
export function requireKinds(
  names: readonly string[],
  heads: readonly HeadSpec[],
  kinds: readonly string[],
  option: string,
): void {
  const stray = heads.find(({ name, kind }) => names.includes(name) && !kinds.includes(kind ?? ''));
  if (stray === undefined) return;
  throw flowError(option, {
    expected: `tasks of kind ${kinds.join(', ')}`,
    found: `${stray.name}, of kind ${stray.kind ?? 'unknown'}`,
    help: `Leave "${stray.name}" out, or give it another kind.`,
  });
}

/** Refuses a path that has less than two tasks, an unknown or unfit one, or one twice. @throws `flow-invalid` */
export function checkPath(
  path: readonly string[],
  heads: readonly HeadSpec[],
  kinds: readonly string[],
): void {
  if (path.length < 2)
    throw flowError('path', {
      expected: 'two tasks or more, the first one first',
      found: path.join('+') || 'none',
      help: 'Write path=click+buy for what must be clicked before it is bought.',
    });
  requireTasks(path, heads, 'path');
  requireKinds(path, heads, kinds, 'path');
  const again = path.findIndex((task, i) => path.indexOf(task) < i);
  if (again >= 0) throw cycleError(path.slice(path.indexOf(path[again]!), again + 1), 'path');
}

/** Refuses an order in which a task comes before itself. @throws `flow-invalid` with the cycle */
export function requireAcyclic(parents: Parents, option: string): void {
  const cycle = findCycle(parents);
  if (cycle !== undefined) throw cycleError(cycle, option);
}

function cycleError(cycle: readonly string[], option: string): PolytaskError {
  return flowError(option, {
    expected: 'an order without cycles',
    found: cycle.join(' → '),
    help: 'Take one of these steps out.',
  });
}

/** A cycle in the order of the flow, its first task also last. */
function findCycle(parents: Parents): string[] | undefined {
  const done = new Set<string>();
  const visit = (task: string, trail: readonly string[]): string[] | undefined => {
    const at = trail.indexOf(task);
    if (at >= 0) return [...trail.slice(at), task].reverse();
    if (done.has(task)) return undefined;
    for (const parent of parents[task] ?? []) {
      const cycle = visit(parent, [...trail, task]);
      if (cycle !== undefined) return cycle;
    }
    done.add(task);
    return undefined;
  };
  for (const task of Object.keys(parents)) {
    const cycle = visit(task, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Tasks in levels: each stands above all of its parents; those without parents are at level 0. */
export function levelsOf(tasks: readonly string[], parents: Parents): string[][] {
  const level = new Map<string, number>();
  const levelOf = (task: string): number => {
    const known = level.get(task);
    if (known !== undefined) return known;
    const own = Math.max(-1, ...(parents[task] ?? []).map(levelOf)) + 1;
    level.set(task, own);
    return own;
  };
  const levels: string[][] = [];
  for (const task of tasks) {
    const own = levelOf(task);
    for (let l = levels.length; l <= own; l++) levels.push([]);
    levels[own]!.push(task);
  }
  return levels;
}
