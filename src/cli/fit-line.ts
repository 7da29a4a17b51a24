import { relative, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { formatValue } from '../common/options.ts';
import { parseConfig, type RunConfig, withSettings } from '../experiment/index.ts';
import { SETTINGS } from './settings.ts';

/** Settings that stand in arguments of their own. */
const ARGUMENTS = ['data', 'tasks', 'by', 'exclude', 'split', 'weight', 'baseline', 'out'];
/** Settings that are read part by part; all others are given whole. */
const SECTIONS = ['read', 'model', 'sampling', 'training'];

/**
 * The command line that runs a config, with the settings alone that are not the defaults; undefined where a command line
 * cannot say it: rows from memory, a task that is not called as its column.
 *
 * @param directory the folder that relative paths of the config start from
 * @example fitLine(config, '/home/ada'); // polytask fit people.csv --task income --sharing mmoe
 */
export function fitLine(
  config: RunConfig,
  directory: string,
  from: string = process.cwd(),
): string | undefined {
  const path = (file: string): string => relative(from, resolve(directory, file)) || '.';
  const source = sourceOf(config.data, path, directory === from);
  const tasks = tasksOf(config.tasks);
  if (source === undefined || tasks === undefined) return undefined;
  const { by, exclude, split, weight, baseline } = config;
  const options = [
    ...tasks,
    ...(by === undefined ? [] : ['--by', by]),
    ...exclude.flatMap((column) => ['--exclude', column]),
    ...(split === DEFAULTS.split ? [] : splitOf(split)),
    ...(weight === undefined ? [] : ['--weight', weight]),
    ...(baseline === false ? ['--no-baseline'] : []),
    ...changes(config, DEFAULTS).flatMap(([at, value]) => optionOf(at, value)),
  ];
  return ['polytask', 'fit', ...source, ...options].map(quoted).join(' ');
}

const DEFAULTS: RunConfig = parseConfig({ data: '', tasks: {} });

function sourceOf(data: unknown, path: (file: string) => string, same: boolean): string[] | undefined {
  const files = [data].flat();
  if (files.every((file) => typeof file === 'string')) return (files as string[]).map(path);
  const { sql, database, table, ...rest } = data as Readonly<Record<string, unknown>>;
  if (Object.keys(rest).length > 0 || (sql === undefined && database === undefined)) return undefined;
  // A query names its files by itself, from the folder where it was asked.
  if (database === undefined && !same) return undefined;
  const given = {
    '--database': database === undefined ? undefined : path(String(database)),
    '--table': table,
    '--sql': sql,
  };
  return Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

function tasksOf(tasks: RunConfig['tasks']): string[] | undefined {
  const entries = Object.entries(tasks);
  if (entries.some(([name, { column = name }]) => column !== name)) return undefined;
  return [
    ...entries.flatMap(([name, { kind }]) => ['--task', kind === undefined ? name : `${name}:${kind}`]),
    ...entries.flatMap(([name, { column: _, kind: __, ...options }]) =>
      Object.entries(options).flatMap(([option, value]) => [
        '--set',
        `tasks.${name.replaceAll('.', '\\.')}.${option}=${JSON.stringify(value)}`,
      ]),
    ),
  ];
}

function splitOf(split: RunConfig['split']): string[] {
  if (typeof split === 'string') return ['--split', split];
  const entries = Object.entries(split).filter(([, value]) => value !== undefined);
  if (entries.length === 1 && split.column !== undefined) return ['--split', split.column];
  return entries.flatMap(([option, value]) =>
    option === 'group' || option === 'time'
      ? [`--${option}`, String(value)]
      : ['--set', `split.${option}=${JSON.stringify(value)}`],
  );
}

/** The settings that differ, by their paths. */
function changes(config: object, defaults: object, under = ''): [path: string, value: unknown][] {
  const byDefault = defaults as Readonly<Record<string, unknown>>;
  return Object.entries(config).flatMap(([key, value]): [string, unknown][] => {
    const path = `${under}${key}`;
    if (ARGUMENTS.includes(path) || value === undefined || isDeepStrictEqual(value, byDefault[key]))
      return [];
    return SECTIONS.includes(path)
      ? changes(value as object, byDefault[key] as object, `${path}.`)
      : [[path, value]];
  });
}

function optionOf(path: string, value: unknown): string[] {
  const flag = SETTINGS.find((setting) => setting.path === path)?.flags.split(' ')[0];
  const text = asText(path, value);
  if (flag !== undefined && text !== undefined) return [flag, text];
  return ['--set', `${path}=${isPlainList(value) || text === undefined ? JSON.stringify(value) : text}`];
}

/** A value as an option takes it; undefined where that takes a structure. */
function asText(path: string, value: unknown): string | undefined {
  if (isPlainList(value)) return value.join(',') || 'none';
  if (typeof value !== 'object' || value === null) return String(value);
  const own = value as Readonly<Record<string, unknown>>;
  if (isMethod(own)) return specOf(path, own);
  // An objective is a method or two, and may say which gradients it compares.
  const { over = 'shared', by = 'whole', ...methods } = own;
  const parts = Object.values(methods);
  const plain = path === 'objective' && over === 'shared' && by === 'whole' && parts.every(isMethod);
  return plain ? parts.map((part) => specOf(path, part)).join('+') : undefined;
}

interface MethodSpec {
  readonly name: string;
  readonly [option: string]: unknown;
}

const isMethod = (value: unknown): value is MethodSpec =>
  typeof (value as MethodSpec | null)?.name === 'string';

/** A method as text, with the options that are not its defaults: `mmoe:experts=4`. */
function specOf(path: string, { name, ...options }: MethodSpec): string {
  const plain = parseConfig(withSettings(DEFAULTS, [{ path, value: name }]));
  const found = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], plain);
  const byDefault = [found, ...Object.values(found as object)].find(
    (own) => isMethod(own) && own.name === name,
  );
  const own = Object.entries(options).filter(
    ([option, value]) => !isDeepStrictEqual(value, (byDefault as MethodSpec)[option]),
  );
  return own.length === 0
    ? name
    : `${name}:${own.map(([option, value]) => `${option}=${formatValue(value)}`).join(',')}`;
}

const isPlainList = (value: unknown): value is readonly (string | number)[] =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object');

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
