import type { Command } from 'commander';
import type { SourceSpec } from '../../data/index.ts';
import type { Model } from '../../serving/index.ts';
import { act, collect } from '../command.ts';
import type { Io } from '../io.ts';
import type { ReadOptions } from '../model-source.ts';
import { addNewTaskOptions, type NewTaskFlags, newTaskOf } from '../new-task.ts';
import type { OutputColumn } from '../output/flatten.ts';
import { rowsOf } from '../output/formats.ts';
import type { ColumnWriter } from '../output/write.ts';
import { addReadOptions, type ReadFlags } from '../read-options.ts';
import { RowProgress } from '../row-progress.ts';
import { applySettings } from '../settings.ts';
import { interruptible } from '../signals.ts';
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
    .argument('<model>', 'the folder "model" of a run, or a model in a single file')
    .argument('[source...]', 'rows to predict, in any format that fit reads')
    .option('-o, --out <file>', 'where to write: .csv .tsv .json .ndjson .parquet (default: CSV on stdout)')
    .option('--keep <columns>', 'columns of the source to copy in front: id,name or * for all', collect);
  addNewTaskOptions(addReadOptions(addSourceOptions(command)));
  act(command, async (io, options: Options, folder: string, files: string[]): Promise<undefined> => {
    const source = sourceOf(files, options);
    const { checkOutput } = await import('../output/write.ts');
    if (options.out !== undefined) await checkOutput(options.out);
    const { read } = await applySettings({}, options as Record<string, unknown>);
    const request = { ...options, folder, source, read: (read ?? {}) as ReadOptions };
    await interruptible(io, () => predict(io, request));
  });
}

interface Request extends Options {
  readonly folder: string;
  readonly source: SourceSpec;
  readonly read: ReadOptions;
}

/** Reads, predicts and writes many rows at a time: neither rows nor predictions are ever all in memory. */
async function predict(io: Io, request: Request): Promise<void> {
  const { load } = await import('../../serving/index.ts');
  const { streamForModel } = await import('../model-source.ts');
  const { predictStream } = await import('../output/predict.ts');
  const started = performance.now();
  const progress = new RowProgress(io);
  const model = await load(request.folder);
  try {
    const task = await newTaskOf(request);
    progress.reading();
    const stream = await streamForModel(model, request.source, request.read, io);
    progress.begin();
    try {
      const tell = tellOnce(io, progress, model);
      const columns = await writeAll(
        predictStream(model, stream, request.keep ?? [], task),
        () => writerOf(io, request, stream.rows),
        (rows) => {
          tell();
          progress.at(rows, stream.rows);
        },
      );
      progress.end();
      if (request.out === undefined) return;
      const { out } = request;
      const seconds = (performance.now() - started) / 1000;
      io.note(`${stream.rows} rows predicted in ${seconds.toFixed(1)} s: ${out}`);
      io.answer({ model: request.folder, rows: stream.rows, out, columns, seconds });
    } finally {
      await stream.close();
    }
  } finally {
    progress.end();
    await model.close();
  }
}

/**
 * Writes predictions as they come.
 *
 * @param open is asked for where to write once there is something
 * @param after is told how many rows there are so far
 * @returns the names of the columns
 */
async function writeAll(
  predictions: AsyncIterable<readonly OutputColumn[]>,
  open: () => Promise<ColumnWriter>,
  after: (rows: number) => void,
): Promise<readonly string[]> {
  let writer: ColumnWriter | undefined;
  let names: readonly string[] = [];
  let rows = 0;
  try {
    for await (const columns of predictions) {
      names = columns.map(({ name }) => name);
      rows += rowsOf(columns);
      writer ??= await open();
      await writer.write(columns);
      after(rows);
    }
    await writer?.finish();
    return names;
  } catch (error) {
    await writer?.abandon();
    throw error;
  }
}

async function writerOf(io: Io, { out, folder }: Request, rows: number): Promise<ColumnWriter> {
  if (out !== undefined) return (await import('../output/write.ts')).openOutput(out);
  const { answerFormat, TEXT_FORMATS } = await import('../output/formats.ts');
  const { toStdout } = await import('../output/text.ts');
  return toStdout(io.json ? answerFormat(folder, rows) : TEXT_FORMATS['.csv']!);
}

/** Says what was odd about some rows, unless it was said before. */
function tellOnce(io: Io, progress: RowProgress, model: Model): () => void {
  const told = new Set<string>();
  return () => {
    for (const { message, help } of model.warnings) {
      if (told.has(message)) continue;
      told.add(message);
      progress.end();
      io.note(`warning: ${message}\n  help: ${help}`);
    }
  };
}
