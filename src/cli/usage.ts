import type { CommanderError } from 'commander';
import { PolytaskError } from '../common/error.ts';

export function usage(path: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('usage-invalid', { path, expected, found, help });
}

/** What commander complains about, in our words. */
export function usageError(error: CommanderError): PolytaskError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const near = /\(Did you mean (.*?)\?\)/.exec(rest.join('\n'))?.[1];
  const subject = /'([^']+)'/.exec(first)?.[1];
  return usage(
    subject ?? 'command line',
    EXPECTED[error.code] ?? 'a command line that can be understood',
    first,
    near === undefined
      ? 'Add --help to the command to see what there is.'
      : `Did you mean "${near.replace('one of ', '')}"?`,
  );
}

const EXPECTED: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'an option of this command',
  'commander.unknownCommand': 'a command of polytask',
  'commander.missingArgument': 'every argument that the command needs',
  'commander.optionMissingArgument': 'a value after the option',
  'commander.excessArguments': 'no more arguments than the command takes',
  'commander.missingMandatoryOptionValue': 'an option that the command needs',
};
