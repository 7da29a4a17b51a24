import type { Command } from 'commander';
import type { SourceSpec } from '../../data/index.ts';
import type { Model } from '../../serving/index.ts';
import { act, collect } from '../command.ts';
import type { Io } from '../io.ts';
import type { ReadOptions } from '../model-source.ts';
import { addNewTaskOptions, type NewTaskFlags, newTaskOf } from '../new-task.ts';
import type { OutputColumn } from '../output/flatten.ts';
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
    .argument('<model>', 'the folder "model" of a run')
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
      const columns = await writeAll(
        io,
        request,
        stream.rows,
        progress,
        predictStream(model, stream, request.keep ?? [], task),
        tellOnce(io, progress, model),
      );
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

/** Writes predictions as they come. @returns the names of the columns */
async function writeAll(
  io: Io,
  { out, folder }: Request,
  total: number,
  progress: RowProgress,
  predictions: AsyncIterable<readonly OutputColumn[]>,
  tell: () => void,
): Promise<readonly string[]> {
  let writer: ColumnWriter | undefined;
  let names: readonly string[] = [];
  let rows = 0;
  try {
    for await (const columns of predictions) {
      tell();
      names = columns.map(({ name }) => name);
      writer ??= await writerOf(io, out, folder, total);
      await writer.write(columns);
      progress.at((rows += columns[0]!.values.length), total);
    }
    progress.end();
    await writer?.finish();
    return names;
  } catch (error) {
    await writer?.abandon();
    throw error;
  }
}

async function writerOf(
  io: Io,
  out: string | undefined,
  folder: string,
  rows: number,
): Promise<ColumnWriter> {
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
