import type { Command } from 'commander';
import { act } from '../command.ts';

interface CompareOptions {
  readonly baseline?: string;
  readonly html?: string;
}

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .summary('finished runs side by side')
    .description(
      'Sets runs of the same data, split and tasks side by side: settings that differ, scores, and what each gains against one of them, paired by seed.',
    )
    .argument('<runs...>', 'run folders')
    .option('--baseline <run>', 'the run that the others are compared with (default: the first)')
    .option('--html <file>', 'write the comparison as a page')
    .addHelpText('after', EXAMPLES);
  act(command, async (io, { baseline, html }: CompareOptions, runs: string[]): Promise<undefined> => {
    const { compareRuns } = await import('../../experiment/index.ts');
    const comparison = await compareRuns(runs, { baseline });
    if (html !== undefined) {
      const { renderComparison } = await import('../../experiment/report/compare/page.ts');
      const { writeText } = await import('../output/write-text.ts');
      await writeText(io, html, renderComparison(comparison));
    }
    if (!io.json) {
      const { renderRuns } = await import('../../experiment/report/compare/terminal.ts');
      io.print(renderRuns(comparison, { colour: io.colour, width: io.width }));
    }
    io.answer(comparison);
  });
}

const EXAMPLES = `
Examples:
  polytask compare runs/shared runs/mmoe runs/ple
  polytask compare runs/* --baseline runs/alone --html compare.html`;
