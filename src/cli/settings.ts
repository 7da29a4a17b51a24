import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { PolytaskError } from '../common/error.ts';
import type { ErrorCode } from '../common/error-codes.ts';
import { readSpec } from '../common/options.ts';
import { usage } from './usage.ts';

/** An option that is a setting of the config under another name. */
interface Setting {
  readonly flags: string;
  readonly help: string;
  readonly path: string;
  read(text: string, flag: string): unknown;
}

const text = (value: string): string => value;

/** @throws `usage-invalid` for what is no number */
export function number(value: string, flag: string): number {
  if (value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value);
  throw usage(flag, 'a number', `"${value}"`, `Write ${flag} and a number.`);
}

function sizes(value: string, flag: string): number[] {
  return value === 'none' || value === '' ? [] : value.split(',').map((part) => number(part, flag));
}

/** Numbers where they are numbers, else words. */
function values(value: string): (string | number)[] {
  return value
    .split(',')
    .map((part) => (part.trim() === '' || Number.isNaN(Number(part)) ? part : Number(part)));
}

/** "fixed:income=2,hours=1" names tasks; all other methods name their options. */
function objective(value: string, flag: string): unknown {
  const colon = value.indexOf(':');
  if (value.slice(0, colon) !== 'fixed' || value.startsWith('fixed:weights=')) return value;
  const weights = value
    .slice(colon + 1)
    .split(',')
    .map((part): [string, number] => {
      const equals = part.lastIndexOf('=');
      if (equals < 1) throw usage(flag, 'fixed:task=weight,…', `"${part}"`, 'Write fixed:damage=2,size=1.');
      return [part.slice(0, equals), number(part.slice(equals + 1), flag)];
    });
  return { name: 'fixed', weights: Object.fromEntries(weights) };
}

/** Every option that stands for one setting; `--set` reaches the rest. */
export const SETTINGS: readonly Setting[] = [
  {
    flags: '--sharing <spec>',
    help: 'how tasks share parameters: mmoe, or mmoe:experts=8,hidden=64+32',
    path: 'model.sharing',
    read: text,
  },
  {
    flags: '--flow <spec>',
    help: 'what goes from task to task: esmm:path=visit+conversion',
    path: 'model.flow',
    read: text,
  },
  {
    flags: '--conditioning <spec>',
    help: 'how z, a description of the task, enters: concat, or film:at=input+0',
    path: 'model.conditioning',
    read: text,
  },
  {
    flags: '--descriptor <spec>',
    help: 'what z is: one-hot, embedding, spec, text, means, or columns:columns=size+region',
    path: 'model.descriptor',
    read: text,
  },
  {
    flags: '--encoder <spec>',
    help: 'what kind of network the trunk is: mlp, or resnet:factor=2',
    path: 'model.encoder',
    read: text,
  },
  {
    flags: '--numeric <spec>',
    help: 'how numbers enter: plain, piecewise-linear:bins=32, bins, or periodic',
    path: 'model.numeric',
    read: text,
  },
  {
    flags: '--objective <spec>',
    help: 'uncertainty, cagrad:c=0.4, uncertainty+pcgrad, or fixed:damage=2,size=1',
    path: 'objective',
    read: objective,
  },
  {
    flags: '--folds <k>',
    help: 'test every row once, in k folds, and compare over them',
    path: 'folds',
    read: number,
  },
  {
    flags: '--fractions <shares>',
    help: 'train on shares of the training rows as well: 0.1,0.3',
    path: 'fractions',
    read: sizes,
  },
  {
    flags: '--affinity <spec>',
    help: 'how what tasks gain from each other is measured: first-order, look-ahead:every=10 or none',
    path: 'affinity',
    read: text,
  },
  { flags: '--seeds <n>', help: 'how many seeds to train (default 3)', path: 'seeds', read: number },
  {
    flags: '--seed <n>',
    help: 'the first seed, which also draws the split (default 0)',
    path: 'seed',
    read: number,
  },
  {
    flags: '--time-limit <seconds>',
    help: 'search the best way to learn, for so long',
    path: 'timeLimit',
    read: number,
  },
  {
    flags: '--step-limit <n>',
    help: 'the same by steps of training: equal seeds, equal choices',
    path: 'stepLimit',
    read: number,
  },
  {
    flags: '--objective-of-choice <word>',
    help: 'what best means: mean (default), worst, or a task',
    path: 'objectiveOfChoice',
    read: text,
  },
  { flags: '--epochs <n>', help: 'most epochs', path: 'training.maxEpochs', read: number },
  { flags: '--batch-size <n>', help: 'rows a step', path: 'training.batchSize', read: number },
  { flags: '--learning-rate <x>', help: 'learning rate', path: 'training.learningRate', read: number },
  {
    flags: '--hidden <sizes>',
    help: 'hidden sizes of the trunk: 128,128 or none',
    path: 'model.hidden',
    read: sizes,
  },
  {
    flags: '--missing <values>',
    help: 'values that mean missing: -200,?',
    path: 'read.missing',
    read: values,
  },
  { flags: '--encoding <name>', help: 'encoding of text files', path: 'read.encoding', read: text },
  { flags: '--limit <rows>', help: 'read only the first rows', path: 'read.limit', read: number },
  { flags: '--runtime <name>', help: 'auto, native, wasm or webgpu', path: 'runtime', read: text },
  { flags: '--threads <n>', help: 'threads of the runtime', path: 'threads', read: number },
];

/** How a setting is called on the command line: `training.batchSize` is `--batch-size`. */
const FLAG_OF: ReadonlyMap<string, string> = new Map(
  SETTINGS.map(({ flags, path }) => [path, flags.split(' ')[0]!]),
);

export interface SettingOptions {
  readonly set?: readonly string[];
  readonly baseline?: boolean | string;
  readonly choose?: boolean;
  readonly committee?: boolean;
  readonly out?: string;
  readonly [option: string]: unknown;
}

/** The option of one setting. */
export function addSetting(command: Command, path: string): void {
  const { flags, help, read } = SETTINGS.find((setting) => setting.path === path)!;
  const flag = flags.split(' ')[0]!;
  command.addOption(new Option(flags, help).argParser((value) => read(value, flag)));
}

/** @param compared whether each task alone is trained as well */
export function addSettings(command: Command, compared: boolean = true): Command {
  for (const { path } of SETTINGS) addSetting(command, path);
  if (compared)
    command
      .option('--baseline <run>', 'compare with models of "polytask baselines" in place of new ones')
      .option('--no-baseline', 'do not train each task alone for comparison')
      .option('--no-choose', 'with a time limit: train what the settings say, and search nothing')
      .option('--committee', 'export the mean of the models of all seeds, as one graph');
  return command
    .option('--out <folder>', 'the run folder (default: a new one under runs/)')
    .option(
      '--set <path=value>',
      'any other setting, such as training.patience=5; may be repeated',
      (value, all: string[] = []) => [...all, value],
    );
}

/** The config with what the options say written over it. */
export async function applySettings(
  config: object,
  options: SettingOptions,
): Promise<Record<string, unknown>> {
  const result = structuredClone(config) as Record<string, unknown>;
  for (const { flags, path } of SETTINGS) {
    const value = options[optionKey(flags)];
    if (value !== undefined) setPath(result, path.split('.'), value);
  }
  if (options.baseline === false) result.baseline = false;
  if (typeof options.baseline === 'string') result.baseline = resolve(options.baseline);
  if (options.choose === false) result.choose = false;
  if (options.committee === true) result.committee = true;
  if (options.out !== undefined) result.out = options.out;
  for (const given of options.set ?? []) {
    const equals = given.indexOf('=');
    if (equals < 1)
      throw usage('--set', 'path=value', `"${given}"`, 'Write --set training.patience=5, for example.');
    const path = given
      .slice(0, equals)
      .split(/(?<!\\)\./)
      .map((part) => part.replaceAll('\\.', '.'));
    setPath(result, path, await parseValue(given.slice(equals + 1)));
  }
  return result;
}

/** Errors at a setting that an option gave name the option. */
export function inFlags(error: unknown, options: SettingOptions): unknown {
  if (!(error instanceof PolytaskError) || error.path === undefined) return error;
  const { path } = error;
  const entry = [...FLAG_OF].find(([setting]) => path === setting || path.startsWith(`${setting}.`));
  if (entry === undefined || options[optionKey(entry[1])] === undefined) return error;
  return error.at(`${entry[1]} (${error.path})`);
}

function optionKey(flags: string): string {
  const name = flags.split(' ')[0]!.slice(2);
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Values are YAML: 5, true, [a, b], { kind: adam }. */
async function parseValue(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch {
    return text;
  }
}

/** Settings of a model that are methods with options, and what their errors are. */
const METHODS: ReadonlyMap<string, ErrorCode> = new Map([
  ['sharing', 'sharing-invalid'],
  ['flow', 'flow-invalid'],
  ['conditioning', 'conditioning-invalid'],
  ['descriptor', 'descriptor-invalid'],
  ['encoder', 'encoder-invalid'],
  ['numeric', 'encoder-invalid'],
]);

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const code = METHODS.get(key);
  if (code !== undefined && typeof inner === 'string') {
    const { name, options } = readSpec(inner, `model.${key}`, code);
    target[key] = { name, ...options };
  } else {
    // A setting that was a word gives way: split: "0.8/0.2" becomes { ratio: … } only where that is said in full.
    target[key] = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {};
  }
  setPath(target[key] as Record<string, unknown>, rest, value);
}
