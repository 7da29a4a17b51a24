import type { Command } from 'commander';
import { act } from '../command.ts';

export function addDescribe(program: Command): void {
  const command = program
    .command('describe')
    .summary('what a trained model takes and predicts')
    .description('Prints the tasks, the inputs and the origin of a model folder.')
    .argument('<model>', 'the folder "model" of a run');
  act(command, async (io, _options: object, folder: string): Promise<undefined> => {
    const { load } = await import('../../serving/index.ts');
    const model = await load(folder);
    try {
      const { signature, encoders } = model;
      const inputs = encoders.encoders.map((encoder) => ({
        column: encoder.column,
        ...kindOf(encoder.toJSON()),
      }));
      const tasks = signature.tasks.map(({ fitted, output }) => ({ ...fitted, output }));
      const { sharing, seed, polytask, by } = signature;
      io.print(
        `sharing ${sharing}, seed ${seed}, polytask ${polytask}${by === undefined ? '' : `, a task for each ${by}`}`,
      );
      io.print('\ntasks');
      for (const { name, kind, labelled } of tasks)
        io.print(`  ${name}: ${kind}, learned from ${labelled} labels`);
      io.print('\ninputs');
      for (const { column, encoder, type } of inputs) io.print(`  ${column}: ${type}, ${encoder}`);
      io.answer({ model: folder, polytask, sharing, seed, ...(by !== undefined && { by }), tasks, inputs });
    } finally {
      await model.close();
    }

    function kindOf({ kind, column }: { kind: string; column: string }): { encoder: string; type: string } {
      return { encoder: kind, type: model.signature.types[column] ?? 'unknown' };
    }
  });
}
