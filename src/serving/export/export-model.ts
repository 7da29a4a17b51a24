import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type CardCalibration,
  type ColumnPort,
  packModel,
  type Signature,
  type StoredPrecision,
} from '../../artefact/index.ts';
import { isReducedGraph, PRECISIONS, type Precision } from '../../artefact/onnx/index.ts';
import { PolytaskError, suggest } from '../../common/error.ts';
import type { SourceSpec } from '../../data/index.ts';
import { makeFolder, writeAtomic } from '../../experiment/files.ts';
import { writeModelFolder } from '../../experiment/model-folder.ts';
import { selectTasks } from '../../experiment/select-tasks.ts';
import { applyCalibration, calibrationBy } from './calibrate.ts';
import { toColumns } from './columns.ts';
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
  /** Whether the graph gives calibrated probabilities. */
  readonly calibrate?: boolean | undefined;
  /** Whether the graph takes the columns themselves, in place of features. */
  readonly columns?: boolean | undefined;
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
  /** What the graph takes, where it takes columns. */
  readonly columns?: readonly ColumnPort[];
  /** Where predictions were calibrated: how. */
  readonly calibration?: CardCalibration;
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
  const { tasks, calibrate = false, columns = false } = options;
  if (tasks !== undefined || calibrate || precision !== 'float32') refuseRewritten(source.model, from);
  let { model } = source;
  let stored: StoredPrecision | undefined = model.card?.precision;
  if (tasks !== undefined) model = selectTasks(model, checkTasks(tasks, model));
  const rows = rowsOf(model.signature, source, options);
  if (precision !== 'float32') {
    ({ model, precision: stored } = await reducePrecision(model, precision, await rows()));
  }
  let calibration: CardCalibration | undefined;
  if (calibrate) ({ model, calibration } = await calibrated(model, rows, options));
  if (columns) model = toColumns(model);
  await write(model, options.out);
  const { signature } = model;
  return {
    out: options.out,
    form: isFile(options.out) ? 'file' : 'folder',
    tasks: signature.tasks.map(({ fitted }) => fitted.name),
    bytes: { before: bytesOf(source.model), after: bytesOf(model) },
    ...(stored && { precision: stored }),
    ...(calibration && { calibration }),
    ...(signature.columns && { columns: signature.columns.inputs }),
  };
}

/** The rows to judge by, read when they are first asked for. */
function rowsOf(
  signature: Signature,
  { run }: ExportSource,
  { data }: ExportOptions,
): () => Promise<JudgingRows> {
  let rows: Promise<JudgingRows> | undefined;
  return () => (rows ??= judgingRows(signature, run, data));
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

/** What was fitted with the run is taken, unless there are other rows to fit on. */
async function calibrated(
  model: Exportable,
  rows: () => Promise<JudgingRows>,
  { data }: ExportOptions,
): Promise<{ readonly model: Exportable; readonly calibration: CardCalibration }> {
  const known = data === undefined ? model.card?.calibration : undefined;
  const calibration = known ?? (await calibrationBy(model, await rows()));
  if (calibration === undefined)
    throw new PolytaskError('export-invalid', {
      path: 'calibrate',
      expected: 'labelled rows to calibrate by, and tasks that say how sure they are',
      found: data === undefined ? 'a model without its run' : 'none',
      help: 'Export the run itself, or give labelled rows with --data.',
    });
  const { card } = model;
  const told = card === undefined ? model : { ...model, card: { ...card, calibration } };
  return { model: applyCalibration(told, calibration), calibration };
}

/** What was rewritten once has no weights, or no outputs, as they were trained. */
function refuseRewritten({ graph, signature }: Exportable, from: string): void {
  const found = isReducedGraph(graph)
    ? 'weights in fewer bits'
    : signature.calibrated
      ? 'calibrated outputs'
      : undefined;
  if (found === undefined) return;
  throw new PolytaskError('export-invalid', {
    path: from,
    expected: 'a model as it was trained',
    found: `one that was exported with ${found}`,
    help: 'Export the run itself, or the model in its folder.',
  });
}
