import type { Command } from 'commander';
import type { GateUse } from '../../serving/explain/gates.ts';
import type { TaskImportance } from '../../serving/explain/permutation.ts';
import { act } from '../command.ts';
import type { Io } from '../io.ts';
import { addReadOptions, type ReadFlags } from '../read-options.ts';
import { applySettings, number } from '../settings.ts';
import { addSourceOptions, type SourceChoice, sourceOf } from '../source.ts';

interface Options extends SourceChoice, ReadFlags {
  readonly repeats?: number;
  readonly rows?: number;
  readonly seed?: number;
  readonly most: number;
}

export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .summary('which columns a model needs, and what rows use of its experts')
    .description(
      'Shuffles one column after the other and says how much worse each task gets; of a model with gates, also what rows use of experts.',
    )
    .argument('<model>', 'the folder "model" of a run, or a model in one file')
    .argument('[source...]', 'rows, best with labels, in any format that fit reads')
    .option('--repeats <n>', 'how often each column is shuffled (default: 5)', (value) =>
      number(value, '--repeats'),
    )
    .option('--rows <n>', 'rows that are looked at, drawn by chance (default: 2000)', (value) =>
      number(value, '--rows'),
    )
    .option('--seed <n>', 'of the shuffling (default: 0)', (value) => number(value, '--seed'))
    .option('--most <n>', 'columns that are printed for each task', (value) => number(value, '--most'), 10);
  addReadOptions(addSourceOptions(command));
  act(command, async (io, options: Options, folder: string, files: string[]): Promise<undefined> => {
    const source = sourceOf(files, options);
    const { load, permutationImportance, gateShares } = await import('../../serving/index.ts');
    const { openForModel } = await import('../model-source.ts');
    const { read } = await applySettings({}, options as unknown as Record<string, unknown>);
    const model = await load(folder);
    try {
      const table = await openForModel(model, source, (read ?? {}) as object, io);
      const { repeats, rows, seed } = options;
      const asked = {
        ...(repeats !== undefined && { repeats }),
        ...(rows !== undefined && { rows }),
        ...(seed !== undefined && { seed }),
      };
      const importance = await permutationImportance(model, table, asked);
      const gates = await gateShares(model, table, asked);
      if (!io.json) {
        printImportance(io, importance, options.most);
        printGates(io, gates);
      }
      io.answer({ model: folder, rows: table.rows, importance, gates });
    } finally {
      await model.close();
    }
  });
}

function printImportance(io: Io, importance: readonly TaskImportance[], most: number): void {
  for (const { task, measure, value, columns } of importance) {
    const head =
      value === null
        ? `${task}: how far predictions move when a column is shuffled (there are no labels)`
        : `${task}: ${measure} ${value.toFixed(4)}, and what it loses when a column is shuffled`;
    io.print(head);
    const shown = columns.slice(0, most);
    const width = Math.max(...shown.map(({ column }) => column.length));
    for (const { column, importance: lost, deviation } of shown)
      io.print(`  ${column.padEnd(width)}  ${lost.toFixed(4).padStart(9)}  ± ${deviation.toFixed(4)}`);
    if (columns.length > shown.length) io.print(`  and ${columns.length - shown.length} more (--most)`);
    io.print('');
  }
}

function printGates(io: Io, gates: GateUse): void {
  for (const [gate, subjects] of Object.entries(gates)) {
    io.print(`${gate}: what rows use of experts, on average`);
    for (const [subject, experts] of Object.entries(subjects))
      io.print(
        `  ${subject}: ${Object.entries(experts)
          .map(
            ([expert, share]) =>
              `${/^\d+$/.test(expert) ? `expert ${expert}` : expert} ${(100 * share).toFixed(0)} %`,
          )
          .join(', ')}`,
      );
  }
}
