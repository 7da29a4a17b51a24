import type { Command } from 'commander';
import { act } from '../command.ts';
import type { Io } from '../io.ts';
import { defaultRuns, openAnyStudio, untilClosed } from '../open-studio.ts';
import { carryOut } from '../run.ts';

interface Options {
  readonly quick?: boolean;
  readonly out?: string;
  readonly studio?: boolean;
}

export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .summary('four tasks on bird strikes, in about a minute')
    .description(
      'Learns four things about bird strikes on aircraft (was there damage, how large was the animal, how fast was the plane, did it cost money) together and each alone, from 10,000 reports to the FAA.',
    )
    .option('--quick', 'two epochs only, to see that everything works')
    .option('--out <folder>', 'the run folder (default: a new one under runs/)')
    .option('--studio', 'open the playground instead, which trains in the browser');
  act(command, async (io, { quick = false, out, studio }: Options) => {
    if (studio) return openPlayground(io);
    const { demoConfig } = await import('../demo-config.ts');
    const { runFit } = await import('../../experiment/index.ts');
    const config = { ...demoConfig({ quick }), ...(out !== undefined && { out }) };
    return carryOut(io, { timeLimit: config.timeLimit }, (hooks) => runFit(config, hooks));
  });
}

async function openPlayground(io: Io): Promise<number> {
  const studio = await openAnyStudio(await defaultRuns());
  io.note(`The playground is open at ${studio.url}/playground`);
  io.answer({ url: `${studio.url}/playground` });
  return untilClosed(io, studio);
}
