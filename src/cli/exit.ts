import { PolytaskError } from '../common/error.ts';
import type { Io } from './io.ts';

/** What the process answers with. */
export const EXIT = { ok: 0, crash: 1, error: 2, stopped: 130 } as const;

/** A run that was stopped by a signal: nothing went wrong, and it can go on. */
export class Stopped extends Error {
  readonly run: string | undefined;
  /** The command that goes on. */
  readonly command: string;

  constructor(run: string | undefined, command: string = 'resume') {
    super('stopped');
    this.run = run;
    this.command = command;
  }
}

/** Says what went wrong, to people and with --json to scripts, and answers the exit code. */
export function report(error: unknown, io: Io): number {
  if (error instanceof Stopped) return reportStop(error, io);
  if (error instanceof PolytaskError) {
    io.alert(error.message);
    if (io.debug) io.alert(stackOf(error));
    io.answer({ error: error.toJSON() });
    return error.code === 'cancelled' ? EXIT.stopped : EXIT.error;
  }
  const found = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error);
  const crash = new PolytaskError('unexpected', {
    expected: 'no failure here',
    found,
    help: 'This is a mistake in Polytask. Please report it with what you ran; --debug shows where it happened.',
  });
  io.alert(crash.message);
  if (io.debug) io.alert(stackOf(error));
  io.answer({ error: crash.toJSON() });
  return EXIT.crash;
}

export function resumeHint(run: string, command: string = 'resume'): string {
  const quoted = /^[\w./-]+$/.test(run) ? run : `'${run.replaceAll("'", `'\\''`)}'`;
  return `polytask ${command} ${quoted}`;
}

function reportStop({ run, command }: Stopped, io: Io): number {
  io.alert(
    run === undefined
      ? 'Stopped before anything was saved.'
      : `Stopped. What was trained is saved; go on with:\n  ${resumeHint(run, command)}`,
  );
  io.answer({
    error: {
      code: 'cancelled',
      ...(run !== undefined && { run }),
      help: run === undefined ? 'Run the command again.' : resumeHint(run, command),
    },
  });
  return EXIT.stopped;
}

/** A full disk or a closed file under stdout is the user's to mend. */
export function outputFailure({ code, message }: NodeJS.ErrnoException): PolytaskError {
  return new PolytaskError('output-failed', {
    path: 'stdout',
    expected: 'output that can be written',
    found: message,
    help: code === 'ENOSPC' ? 'The disk is full: free some space.' : 'Check where the output goes.',
  });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack}${error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`}`;
}
