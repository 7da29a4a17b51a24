import { resolve } from 'node:path';
import type { Command } from 'commander';
import { act } from '../command.ts';
import { readConfig } from '../config-file.ts';
import { carryOut } from '../run.ts';
import { addSettings, applySettings, inFlags, type SettingOptions } from '../settings.ts';

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('like fit, with the settings of a config file')
    .description(
      'Runs what a config file says; relative paths in it start from its folder. Options win over the file.',
    )
    .requiredOption('-c, --config <file>', 'YAML, JSON, or a module with a default export');
  addSettings(command);
  act(command, async (io, options: SettingOptions & { readonly config: string }) => {
    const file = await readConfig(options.config);
    const out = options.out === undefined ? {} : { out: resolve(options.out) };
    const { runFit } = await import('../../experiment/index.ts');
    const config = (await applySettings(file.value, { ...options, ...out })) as unknown as Parameters<
      typeof runFit
    >[0];
    try {
      return await carryOut(io, { timeLimit: config.timeLimit }, (hooks) =>
        runFit(config, { ...hooks, directory: file.directory }),
      );
    } catch (error) {
      throw file.locate(inFlags(error, options));
    }
  });
}
