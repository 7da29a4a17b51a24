import type { Command } from 'commander';
import type { Precision } from '../../artefact/onnx/index.ts';
import type { ExportOptions } from '../../serving/export/index.ts';
import { act } from '../command.ts';

interface ExportFlags {
  readonly out: string;
  readonly tasks?: string;
  readonly precision?: string;
  readonly calibrate?: boolean;
  readonly columns?: boolean;
  readonly data?: string;
}

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .summary('a trained model in the form in which it leaves')
    .description(
      'Writes the model of a run as a folder, or as one ONNX file that any ONNX Runtime opens; smaller, where asked for, and then it says what that costs each task.',
    )
    .argument('<model>', 'a run folder, a model folder, or a model in a single file')
    .requiredOption('-o, --out <path>', 'a new folder, or a file that ends in .onnx')
    .option('--tasks <names>', 'some of the tasks, as a,b; what serves others alone stays behind')
    .option('--precision <kind>', 'store weights as float32 (default), float16 or int8')
    .option('--calibrate', 'probabilities that mean what they say: a temperature for each task')
    .option('--columns', 'a graph that takes the columns themselves: its encoders are inside')
    .option(
      '--data <file>',
      'labelled rows to measure and calibrate on (default: the validation rows of the run)',
    )
    .addHelpText('after', EXAMPLES);
  act(command, async (io, flags: ExportFlags, from: string): Promise<undefined> => {
    const { exportModel } = await import('../../serving/export/index.ts');
    const exported = await exportModel(from, optionsOf(flags));
    if (!io.json) {
      const { renderExport } = await import('../output/export.ts');
      io.print(renderExport(exported, io.width));
    }
    io.answer(exported);
  });
}

function optionsOf({ out, tasks, precision, calibrate, columns, data }: ExportFlags): ExportOptions {
  const names = tasks?.split(',').map((name) => name.trim());
  return {
    out,
    tasks: names?.filter((name) => name !== ''),
    precision: precision as Precision,
    calibrate,
    columns,
    data,
  };
}

const EXAMPLES = `
Examples:
  polytask export runs/first -o income.onnx
  polytask export runs/first -o small.onnx --precision int8
  polytask export runs/first -o income.onnx --tasks income --calibrate
  polytask export runs/first -o table.onnx --columns
  polytask export income.onnx -o folder --precision float16 --data labelled.csv`;
