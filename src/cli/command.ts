import type { Command } from 'commander';
import { EXIT, report } from './exit.ts';
import { type CommonOptions, createIo, type Io } from './io.ts';
import { usage } from './usage.ts';

type Parsed<O> = O & CommonOptions;

/**
 * Gives a command the options that all have, and an action whose errors become words and an exit code.
 *
 * @param action answers the exit code where it is not 0
 */
export function act<O extends object, A extends readonly unknown[]>(
  command: Command,
  action: (io: Io, options: Parsed<O>, ...given: A) => Promise<number | undefined>,
): Command {
  return command
    .option('--json', 'print one JSON object as the last line of stdout')
    .option('-q, --quiet', 'no progress and no remarks')
    .option('--no-color', 'no colours (also where NO_COLOR is set)')
    .option('--debug', 'show where an error arose')
    .action(async (...all: unknown[]) => {
      const given = all.slice(0, -2) as unknown as A;
      const options = all.at(-2) as Parsed<O>;
      // An option that another one swallowed counts all the same.
      const io = createIo({ ...options, ...(process.argv.includes('--json') && { json: true }) });
      try {
        refuseSwallowed(command, options);
        process.exitCode = (await action(io, options, ...given)) ?? EXIT.ok;
      } catch (error) {
        process.exitCode = report(error, io);
      }
    });
}

/** `--task --json` would take the second option for a value of the first. */
function refuseSwallowed(command: Command, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const swallowed = command.options.find(({ long }) => [value].flat().includes(long));
    if (swallowed === undefined) continue;
    const flag = command.options.find((option) => option.attributeName() === name)!.long!;
    throw usage(
      flag,
      'a value after the option',
      swallowed.long!,
      `Write ${flag} and a value, or leave it out.`,
    );
  }
}

/** For options that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
