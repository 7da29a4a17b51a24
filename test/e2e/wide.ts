import { expect } from 'vitest';
import { lastLine, polytask } from '../support/run-cli.ts';

/** A task of every kind on the rows of `sampleRows`. */
const KINDS = ['flag', 'amount:regression', 'visits:count', 'size', 'shape:multiclass', 'tags:multilabel'];
export const WIDE: readonly string[] = KINDS.flatMap((task) => ['--task', task]);

/** A run with all of them, split by the column that says the side. */
export const FIT_WIDE: readonly string[] = [
  'fit',
  'rows.csv',
  ...WIDE,
  '--exclude',
  'school,patient',
  '--exclude',
  'importance',
  '--split',
  'side',
];

export interface Succeeded {
  readonly stdout: string;
  readonly stderr: string;
  /** The object of `--json`. */
  answer(): unknown;
}

/** Runs a command that must succeed. */
export async function succeed(cwd: string, ...args: readonly string[]): Promise<Succeeded> {
  const { code, stdout, stderr } = await polytask(args, { cwd });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stderr).not.toMatch(/\n\s+at /);
  return { stdout, stderr, answer: () => lastLine(stdout) };
}
