import type { Command } from 'commander';
import { act } from '../command.ts';
import { untilClosed } from '../open-studio.ts';
import { number } from '../settings.ts';

interface Options {
  readonly port: number;
}

export function addStudio(program: Command): void {
  const command = program
    .command('studio')
    .summary('look at runs in the browser')
    .description(
      'Opens pages over a folder of runs, on this machine alone: what they found, how they compare, and how those that learn get on.',
    )
    .argument('[folder]', 'the folder that runs are written to', 'runs')
    .option('--port <n>', 'where to listen; 0 takes a free one', (value) => number(value, '--port'), 4747);
  act(command, async (io, { port }: Options, folder: string): Promise<number> => {
    const { openStudio } = await import('../../studio/index.ts');
    const studio = await openStudio(folder, { port });
    io.note(`The studio is open at ${studio.url}`);
    io.answer({ url: studio.url });
    return untilClosed(io, studio);
  });
}
