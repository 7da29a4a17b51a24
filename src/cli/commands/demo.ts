import type { Command } from 'commander';
import { act } from '../command.ts';
import { carryOut } from '../run.ts';

interface Options {
  readonly quick?: boolean;
  readonly out?: string;
}

export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .summary('four tasks on bird strikes, in about a minute')
    .description(
      'Learns four things about bird strikes on aircraft (was there damage, how large was the animal, how fast was the plane, did it cost money) together and each alone, from 10,000 reports to the FAA.',
    )
    .option('--quick', 'two epochs only, to see that everything works')
    .option('--out <folder>', 'the run folder (default: a new one under runs/)');
  act(command, async (io, { quick = false, out }: Options) => {
    const { demoConfig } = await import('../demo-config.ts');
    const { runFit } = await import('../../experiment/index.ts');
    const config = { ...demoConfig({ quick }), ...(out !== undefined && { out }) };
    return carryOut(io, { timeLimit: config.timeLimit }, (hooks) => runFit(config, hooks));
  });
}
