import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { type Description, isRecord } from '../data/descriptors/index.ts';
import type { PredictOptions } from '../serving/index.ts';
import { usage } from './usage.ts';

/** Flags that say of which new task rows are. */
export interface NewTaskFlags {
  readonly taskDescriptor?: string;
  readonly taskLike?: string;
}

const FLAG = '--task-descriptor';

export function addNewTaskOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        `${FLAG} <text>`,
        'rows of a task that the model does not know: a sentence, key-values such as \'{"size": 120}\', or @file with either',
      ),
    )
    .addOption(new Option('--task-like <task>', 'a trained task of the same kind as the described one'));
}

/** The described task, if there is one. @throws `usage-invalid` for what cannot be read */
export async function newTaskOf({ taskDescriptor, taskLike }: NewTaskFlags): Promise<PredictOptions> {
  if (taskDescriptor === undefined) {
    if (taskLike === undefined) return {};
    throw usage('--task-like', `${FLAG} beside it`, taskLike, 'Describe the task that is like it.');
  }
  const descriptor = await read(taskDescriptor);
  return { task: { descriptor, ...(taskLike !== undefined && { like: taskLike }) } };
}

async function read(given: string): Promise<Description> {
  const text = given.startsWith('@') ? await readText(given.slice(1)) : given;
  const isObject = text.trimStart().startsWith('{') || /\.(json|ya?ml)$/i.test(given);
  if (!isObject) {
    if (text.trim() !== '') return text.trim();
    throw usage(FLAG, 'a sentence or key-values', 'nothing', 'Describe the task.');
  }
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw usage(
      FLAG,
      'JSON or YAML',
      (cause as Error).message.split('\n')[0]!,
      'Check quotes, commas and brackets.',
    );
  }
  if (typeof value === 'string' || isRecord(value)) return value;
  throw usage(
    FLAG,
    'key-values or a sentence',
    JSON.stringify(value),
    'Write {"size": 120, "region": "north"}.',
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw usage(
      FLAG,
      'a file that can be read',
      path,
      (cause as NodeJS.ErrnoException).code ?? 'It does not exist.',
    );
  }
}
