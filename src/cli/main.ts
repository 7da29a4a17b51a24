#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, outputFailure, report } from './exit.ts';
import { alertNow, createIo } from './io.ts';
import { createProgram } from './program.ts';
import { usageError } from './usage.ts';

const args = process.argv.slice(2);

/** What commander could not parse knows no options yet. */
const early = (): ReturnType<typeof createIo> =>
  createIo({ json: args.includes('--json'), debug: args.includes('--debug') });

/** What is written to a full disk or to a reader that left has no other way to be told. */
function stdoutFailed(error: NodeJS.ErrnoException): never {
  // A reader such as `head` may leave early, and that is no error.
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  alertNow(outputFailure(error).message);
  process.exit(EXIT.error);
}
process.stdout.on('error', stdoutFailed);
process.stderr.on('error', () => undefined);

async function main(): Promise<void> {
  const program = createProgram();
  if (args.length === 0) {
    process.stderr.write(program.helpInformation());
    process.exitCode = EXIT.error;
    return;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    const shown = error instanceof CommanderError && error.exitCode === 0;
    if (shown) return;
    process.exitCode = report(error instanceof CommanderError ? usageError(error) : error, early());
  }
}

await main();
// A worker or a runtime's threads must not keep a finished command alive.
process.stdout.write('', (error) =>
  error ? stdoutFailed(error) : process.exit(process.exitCode ?? EXIT.ok),
);
