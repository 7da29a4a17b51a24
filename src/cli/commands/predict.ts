import type { Command } from 'commander';
import { act, collect } from '../command.ts';
import { addNewTaskOptions, type NewTaskFlags, newTaskOf } from '../new-task.ts';
import { addReadOptions, type ReadFlags } from '../read-options.ts';
import { applySettings } from '../settings.ts';
import { addSourceOptions, type SourceChoice, sourceOf } from '../source.ts';

interface Options extends SourceChoice, ReadFlags, NewTaskFlags {
  readonly out?: string;
  readonly keep?: readonly string[];
}

export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .summary('predict the rows of a file with a trained model')
    .description('Predicts every row: the answer in a column named after the task, probabilities beside it.')
    .argument('<model>', 'the folder "model" of a run')
    .argument('[source...]', 'rows to predict, in any format that fit reads')
    .option('-o, --out <file>', 'where to write: .csv .tsv .json .ndjson .parquet (default: CSV on stdout)')
    .option('--keep <columns>', 'columns of the source to copy in front: id,name or * for all', collect);
  addNewTaskOptions(addReadOptions(addSourceOptions(command)));
  act(command, async (io, options: Options, folder: string, files: string[]): Promise<undefined> => {
    const source = sourceOf(files, options);
    const { checkOutput, printColumns, writeColumns } = await import('../output/write.ts');
    if (options.out !== undefined) await checkOutput(options.out);
    const { load } = await import('../../serving/index.ts');
    const { openForModel } = await import('../model-source.ts');
    const { predictColumns } = await import('../output/predict.ts');
    const { read } = await applySettings({}, options as Record<string, unknown>);
    const started = performance.now();
    const model = await load(folder);
    try {
      const table = await openForModel(model, source, (read ?? {}) as object, io);
      const columns = await predictColumns(model, table, options.keep ?? [], await newTaskOf(options));
      for (const { message, help } of model.warnings) io.note(`warning: ${message}\n  help: ${help}`);
      const { rows } = table;
      if (options.out !== undefined) {
        await writeColumns(options.out, columns);
        const seconds = (performance.now() - started) / 1000;
        io.note(`${rows} rows predicted in ${seconds.toFixed(1)} s: ${options.out}`);
        io.answer({
          model: folder,
          rows,
          out: options.out,
          columns: columns.map(({ name }) => name),
          seconds,
        });
      } else if (io.json) {
        const { rowAt } = await import('../output/formats.ts');
        io.answer({
          model: folder,
          rows,
          predictions: Array.from({ length: rows }, (_, row) => rowAt(columns, row)),
        });
      } else await printColumns(columns);
    } finally {
      await model.close();
    }
  });
}
