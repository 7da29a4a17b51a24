import { writeSync } from 'node:fs';

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
}

/** Where a command's words go: answers to stdout, everything else to stderr. */
export interface Io {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** Whether stdout takes colours. */
  readonly colour: boolean;
  readonly width: number;
  /** A live line on stderr is possible. */
  readonly live: boolean;
  /** Text for people on stdout; with --json nothing. */
  print(text: string): void;
  /** The one object that --json promises, as the last line of stdout; without --json nothing. */
  answer(value: unknown): void;
  /** Progress and remarks on stderr; with --quiet nothing. */
  note(text: string): void;
  /** What must be seen, on stderr. */
  alert(text: string): void;
}

const NARROWEST = 40;
const WIDEST = 110;

export function createIo(options: CommonOptions, environment: NodeJS.ProcessEnv = process.env): Io {
  const { json = false, quiet = false, debug = false, color = true } = options;
  const plain = !color || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  const columns = process.stdout.columns || process.stderr.columns || Number(environment.COLUMNS ?? 80);
  const alert = (text: string): void => void process.stderr.write(`${text}\n`);
  return {
    json,
    quiet,
    debug,
    colour: !plain && ((environment.FORCE_COLOR ?? '') !== '' || process.stdout.isTTY === true),
    width: Math.min(WIDEST, Math.max(NARROWEST, Number.isFinite(columns) ? columns : 80)),
    live: process.stderr.isTTY === true && environment.TERM !== 'dumb' && !quiet,
    print: (text) => void (json || process.stdout.write(`${text}\n`)),
    answer: (value) => void (json && process.stdout.write(`${JSON.stringify(value)}\n`)),
    note: (text) => void (quiet || alert(text)),
    alert,
  };
}

/** Says something even as the process is about to end. */
export function alertNow(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody is left to read it.
  }
}
