import type { Command } from 'commander';
import { act } from '../command.ts';
import { carryOut, carryOutFront } from '../run.ts';

export function addResume(program: Command): void {
  const command = program
    .command('resume')
    .summary('go on with a run that was stopped or killed')
    .description('Goes on from the last checkpoints; a finished run answers with its result.')
    .argument('<run>', 'the run folder');
  act(command, async (io, _options: object, run: string) => {
    const { kindOfRun, RunFolder, resumeFit, resumeFront } = await import('../../experiment/index.ts');
    const { record } = await RunFolder.open(run);
    if (kindOfRun(record) === 'fit') return carryOut(io, { folder: run }, (hooks) => resumeFit(run, hooks));
    return carryOutFront(io, { folder: run }, (hooks) => resumeFront(run, hooks));
  });
}
