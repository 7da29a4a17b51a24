import type { Command } from 'commander';
import type { TaskEvaluation } from '../../serving/evaluate.ts';
import { act } from '../command.ts';
import { addNewTaskOptions, type NewTaskFlags, newTaskOf } from '../new-task.ts';
import { addReadOptions, type ReadFlags } from '../read-options.ts';
import { applySettings } from '../settings.ts';
import { addSourceOptions, type SourceChoice, sourceOf } from '../source.ts';

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('metrics of a trained model on labelled rows')
    .description('Predicts rows whose labels are known and prints every metric of every task.')
    .argument('<model>', 'the folder "model" of a run, or a model in a single file')
    .argument('[source...]', 'labelled rows, in any format that fit reads');
  addNewTaskOptions(addReadOptions(addSourceOptions(command)));
  act(
    command,
    async (
      io,
      options: SourceChoice & ReadFlags & NewTaskFlags,
      folder: string,
      files: string[],
    ): Promise<undefined> => {
      const source = sourceOf(files, options);
      const { load } = await import('../../serving/index.ts');
      const { openForModel } = await import('../model-source.ts');
      const { evaluateModel } = await import('../../serving/evaluate.ts');
      const { read } = await applySettings({}, options as Record<string, unknown>);
      const model = await load(folder);
      try {
        const table = await openForModel(model, source, (read ?? {}) as object, io);
        const evaluation = await evaluateModel(model, table, await newTaskOf(options));
        for (const { message, help } of model.warnings) io.note(`warning: ${message}\n  help: ${help}`);
        for (const name of evaluation.skipped)
          io.note(`warning: no column for the task "${name}", which is left out`);
        for (const [name, task] of Object.entries(evaluation.tasks)) io.print(describe(name, task));
        if (evaluation.pooled !== undefined) io.print(describe('all tasks together', evaluation.pooled));
        io.answer({ model: folder, ...evaluation });
      } finally {
        await model.close();
      }
    },
  );
}

function describe(
  name: string,
  { kind, labelled, metric, value, constant, metrics }: TaskEvaluation,
): string {
  const others = Object.entries(metrics).filter(([other]) => other !== metric);
  return [
    `${name} (${kind}, ${labelled} labelled rows)`,
    `  ${metric.padEnd(20)} ${show(value)}   a constant reaches ${show(constant)}`,
    ...others.map(([other, number]) => `  ${other.padEnd(20)} ${show(number)}`),
  ].join('\n');
}

function show(value: number | null): string {
  return value === null ? 'undefined' : value.toPrecision(5);
}
