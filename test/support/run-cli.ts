import { type ChildProcess, spawn } from 'node:child_process';
import { builtCli } from './built-cli.ts';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Runs through a shell with this before the command, such as `ulimit -f 8;`. */
  readonly before?: string;
  /** Where stdout goes, instead of into `stdout`. */
  readonly stdout?: string;
  /** Called once the process runs, to send it signals. */
  onStart?(child: ChildProcess): void;
}

/** Two commands at a time: the reference machine has two cores. */
const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];
let cli: Promise<string> | undefined;

/** Runs the built command line to its end. */
export async function polytask(args: readonly string[], options: RunOptions): Promise<Finished> {
  cli ??= builtCli();
  const file = await cli;
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await execute([file, ...args], options);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function execute(args: readonly string[], { cwd, before, stdout, onStart }: RunOptions): Promise<Finished> {
  const quoted = [process.execPath, ...args].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');
  const redirect = stdout === undefined ? '' : ` > ${stdout}`;
  const shell = before !== undefined || stdout !== undefined;
  const child = shell
    ? spawn('bash', ['-c', `${before ?? ''} exec ${quoted}${redirect}`], { cwd })
    : spawn(process.execPath, args, { cwd });
  return new Promise((resolve, reject) => {
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    child.on('error', reject);
    child.on('spawn', () => onStart?.(child));
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}

/** The object that `--json` prints as the last line. */
export function lastLine(stdout: string): unknown {
  const lines = stdout.trimEnd().split('\n');
  return JSON.parse(lines.at(-1)!);
}
