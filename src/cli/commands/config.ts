import type { Command } from 'commander';
import { act } from '../command.ts';
import { readConfig } from '../config-file.ts';
import { usage } from '../usage.ts';

export function addConfig(program: Command): void {
  const config = program
    .command('config')
    .summary('the settings of a run')
    .description('Shows what a config may hold, and what it comes to.');
  act(
    config.command('schema').description('Prints the JSON Schema of a config, for editors.'),
    async (): Promise<undefined> => {
      const { configJsonSchema } = await import('../../experiment/config.ts');
      process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    },
  );
  const render = config
    .command('render')
    .description('Prints a config with every default filled in.')
    .argument('<file>', 'YAML, JSON, or a module with a default export');
  act(render, async (io, _options: object, path: string): Promise<undefined> => {
    const file = await readConfig(path);
    const { parseConfig } = await import('../../experiment/config.ts');
    try {
      const full = parseConfig(file.value);
      if (io.json) return io.answer(full) as undefined;
      const { stringify } = await import('yaml');
      io.print(stringify(full).trimEnd());
    } catch (error) {
      throw file.locate(error);
    }
  });
  config.action((_options: object, { args: [name] }: Command) => {
    throw usage(
      name ?? 'config',
      'config schema or config render FILE',
      name ?? 'config alone',
      'Add one of them.',
    );
  });
}
