import { PolytaskError, suggest } from '../common/error.ts';
import type { RunConfigInput } from '../experiment/run-config.ts';
import { parseTaskSpec } from '../problem/spec.ts';
import { usage } from './usage.ts';

/** The options of `fit` that speak of columns. */
export interface ColumnOptions {
  readonly task?: readonly string[];
  readonly by?: string;
  readonly exclude?: readonly string[];
  readonly split?: string;
  readonly group?: string;
  readonly time?: string;
  readonly weight?: string;
}

/** The part of a config that names columns, checked against those that there are. */
export function columnConfig(
  options: ColumnOptions,
  columns: readonly string[],
): Omit<RunConfigInput, 'data'> {
  const { by, weight } = options;
  for (const [flag, name] of Object.entries({ by, weight, group: options.group, time: options.time }))
    if (name !== undefined) known(name, `--${flag}`, columns);
  const exclude = (options.exclude ?? []).flatMap((text) => listOf(text, columns));
  for (const name of exclude) known(name, '--exclude', columns);
  const split = splitOf(options, columns);
  return {
    tasks: tasksOf(options, columns),
    ...(by !== undefined && { by }),
    ...(exclude.length > 0 && { exclude }),
    ...(weight !== undefined && { weight }),
    ...(split !== undefined && { split }),
  };
}

function tasksOf({ task = [], by }: ColumnOptions, columns: readonly string[]): RunConfigInput['tasks'] {
  if (task.length === 0)
    throw usage(
      '--task',
      'at least one column to predict',
      'none',
      `Columns: ${columns.slice(0, 30).join(', ')}.`,
    );
  if (by !== undefined && task.length > 1)
    throw usage(
      '--task',
      'one --task beside --by, which makes the tasks',
      `${task.length}`,
      'Keep one, or leave --by out.',
    );
  const tasks: Record<string, { kind?: string }> = {};
  for (const spec of task) {
    const { column, kind } = parseTaskSpec(spec, columns);
    if (Object.hasOwn(tasks, column))
      throw usage(
        '--task',
        'every column once',
        `"${column}" twice`,
        'Leave one out; a config file can name two tasks on one column.',
      );
    tasks[column] = kind === undefined ? {} : { kind };
  }
  return tasks;
}

/** A column of that name, or shares. */
function splitOf(
  { split, group, time }: ColumnOptions,
  columns: readonly string[],
): RunConfigInput['split'] | undefined {
  if (split !== undefined && columns.includes(split)) {
    if (group === undefined && time === undefined) return { column: split };
    throw usage(
      '--split',
      'one of a split column, --group and --time',
      `"${split}" as well`,
      'Choose one of them.',
    );
  }
  if (split !== undefined && !/^[\d./\s-]+$/.test(split))
    throw new PolytaskError('column-unknown', {
      path: '--split',
      expected: 'a column of the table, or shares such as 0.6/0.2/0.2',
      found: split,
      help: suggest(split, columns),
    });
  if (group === undefined && time === undefined) return split;
  return {
    ...(split !== undefined && { ratio: split }),
    ...(group !== undefined && { group }),
    ...(time !== undefined && { time }),
  };
}

/** "a,b" is two columns unless one is called so. */
export function listOf(text: string, columns: readonly string[]): string[] {
  return columns.includes(text) ? [text] : text.split(',').map((part) => part.trim());
}

function known(name: string, path: string, columns: readonly string[]): void {
  if (columns.includes(name)) return;
  throw new PolytaskError('column-unknown', {
    path,
    expected: 'a column of the table',
    found: name,
    help: suggest(name, columns),
  });
}
