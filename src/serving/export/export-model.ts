import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { packModel, type StoredPrecision } from '../../artefact/index.ts';
import { isReducedGraph, PRECISIONS, type Precision } from '../../artefact/onnx/index.ts';
import { PolytaskError, suggest } from '../../common/error.ts';
import type { SourceSpec } from '../../data/index.ts';
import { makeFolder, writeAtomic } from '../../experiment/files.ts';
import { writeModelFolder } from '../../experiment/model-folder.ts';
import { selectTasks } from '../../experiment/select-tasks.ts';
import { type Exportable, type ExportSource, filesOfExportable, openExportable } from './exportable.ts';
import { type JudgingRows, judgingRows } from './judging-rows.ts';
import { bytesOf, reducePrecision } from './reduce.ts';

export interface ExportOptions {
  /** Where the model goes: a name that ends in `.onnx` is a single file, any other a new folder. */
  readonly out: string;
  /** Some of its tasks; default: all. */
  readonly tasks?: readonly string[] | undefined;
  /** In how many bits weights are stored: `float32` (default), `float16` or `int8`. */
  readonly precision?: Precision | undefined;
  /** Labelled rows to measure on, in place of the run's validation rows. */
  readonly data?: SourceSpec | undefined;
}

/** What an export wrote. */
export interface Exported {
  readonly out: string;
  readonly form: 'file' | 'folder';
  readonly tasks: readonly string[];
  /** Of the graphs, without what is around them. */
  readonly bytes: { readonly before: number; readonly after: number };
  readonly precision?: StoredPrecision;
}

/**
 * Writes a trained model in the form in which it is to leave.
 *
 * @param from the folder of a finished run, a model folder, or a model in a single file
 * @throws `export-invalid` for what cannot be had, `run-folder`, `run-changed`, `model-invalid`
 * @example await exportModel('runs/first', { out: 'income.onnx', precision: 'int8' });
 */
export async function exportModel(from: string, options: ExportOptions): Promise<Exported> {
  const { precision = 'float32' } = options;
  checkPrecision(precision);
  refuseExisting(options.out);
  const source = await openExportable(from);
  if (options.tasks !== undefined || precision !== 'float32') refuseReduced(source.model, from);
  const rows = rowsOf(source, options);
  let { model } = source;
  let stored: StoredPrecision | undefined = model.card?.precision;
  if (options.tasks !== undefined) model = selectTasks(model, checkTasks(options.tasks, model));
  if (precision !== 'float32') {
    ({ model, precision: stored } = await reducePrecision(model, precision, await rows()));
  }
  await write(model, options.out);
  const { signature } = model;
  return {
    out: options.out,
    form: isFile(options.out) ? 'file' : 'folder',
    tasks: signature.tasks.map(({ fitted }) => fitted.name),
    bytes: { before: bytesOf(source.model), after: bytesOf(model) },
    ...(stored && { precision: stored }),
  };
}

/** The rows to judge by, read when they are first asked for. */
function rowsOf({ model, run }: ExportSource, { data }: ExportOptions): () => Promise<JudgingRows> {
  let rows: Promise<JudgingRows> | undefined;
  return () => (rows ??= judgingRows(model.signature, run, data));
}

const isFile = (out: string): boolean => out.endsWith('.onnx');

async function write(model: Exportable, out: string): Promise<void> {
  const files = filesOfExportable(model);
  if (!isFile(out)) return writeModelFolder(resolve(out), files);
  await makeFolder(dirname(resolve(out)));
  await writeAtomic(resolve(out), packModel(files));
}

/** @throws `task-unknown` */
function checkTasks(names: readonly string[], { signature }: Exportable): readonly string[] {
  const all = signature.tasks.map(({ fitted }) => fitted.name);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown === undefined && names.length > 0) return names;
  throw new PolytaskError('task-unknown', {
    path: 'tasks',
    expected: `some of ${all.slice(0, 20).join(', ')}${all.length > 20 ? ', …' : ''}`,
    found: unknown ?? 'none',
    help: suggest(unknown ?? '', all),
  });
}

function checkPrecision(precision: string): void {
  if ((PRECISIONS as readonly string[]).includes(precision)) return;
  throw new PolytaskError('export-invalid', {
    path: 'precision',
    expected: PRECISIONS.join(', '),
    found: precision,
    help: suggest(precision, [...PRECISIONS]),
  });
}

/** Nothing that is there already is written over. */
function refuseExisting(out: string): void {
  if (!existsSync(out)) return;
  const isFolder = statSync(out).isDirectory();
  if (isFolder && !isFile(out) && readdirSync(out).length === 0) return;
  throw new PolytaskError('export-invalid', {
    path: out,
    expected: isFile(out) ? 'a name that no file has' : 'a new or empty folder',
    found: isFolder ? 'a folder' : 'a file',
    help: 'Choose another name, or delete what is there.',
  });
}

function refuseReduced({ graph }: Exportable, from: string): void {
  if (!isReducedGraph(graph)) return;
  throw new PolytaskError('export-invalid', {
    path: from,
    expected: 'a model with weights of 32 bits',
    found: 'one that was exported in fewer',
    help: 'Export the run itself, or the model in its folder.',
  });
}
