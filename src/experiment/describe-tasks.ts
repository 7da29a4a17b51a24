import { PolytaskError, suggest } from '../common/error.ts';
import type { Table } from '../common/table.ts';
import {
  type ChosenDescriptor,
  chooseDescriptor,
  type Description,
  describeByColumns,
  describeByMeans,
  FittedDescriptor,
  type SentenceEncoder,
} from '../data/descriptors/index.ts';
import { codesOf, type Features, requireColumn, type SourceSpec, type Warning } from '../data/index.ts';
import { openSource } from '../data/sources/index.ts';
import { isConditioned } from '../model/index.ts';
import type { RunConfig } from './run-config.ts';

/** z of the tasks of a problem, and how z of another task would be made. */
export interface TaskDescriptors {
  readonly descriptor: FittedDescriptor;
  /** [tasks, Z], in the order of the model's heads. */
  readonly vectors: Float32Array;
  /** Columns of the rows that it is read from. */
  readonly columns: readonly string[];
}

/** The tasks that are to be described. */
export interface DescribedTasks {
  /** In the order of the model's heads. */
  readonly names: readonly string[];
  /** Training rows of each task, or all rows of one that training does not see: long problems only. */
  readonly rowsOf?: readonly Int32Array[];
  /** Whether training sees the task. */
  isSeen(t: number): boolean;
}

export interface DescribeContext {
  readonly table: Table;
  readonly features: Features;
  readonly directory: string;
  readonly textEncoder?: SentenceEncoder | undefined;
  warn(warning: Warning): void;
}

/**
 * z of every task, fitted on those that training sees; nothing where z is one-hot or learned.
 *
 * @throws `descriptor-invalid`, `conditioning-invalid`
 */
export async function describeTasks(
  config: RunConfig,
  tasks: DescribedTasks,
  context: DescribeContext,
): Promise<TaskDescriptors | undefined> {
  const chosen = chooseDescriptor(config.model.descriptor);
  const { descriptor } = chosen;
  if (!isConditioned(config.model.conditioning)) {
    if (descriptor.name === STANDARD) return undefined;
    throw new PolytaskError('conditioning-invalid', {
      path: 'model.conditioning',
      expected: `a way in which z enters, as model.descriptor is ${descriptor.name}`,
      found: 'none',
      help: 'Add --conditioning concat, or film.',
    });
  }
  if (!descriptor.describes) return undefined;
  const { descriptions, columns } = await descriptionsOf(config, chosen, tasks, context);
  const seen = descriptions.filter((_, t) => tasks.isSeen(t));
  const fitted = await FittedDescriptor.fit(chosen, seen, context.textEncoder);
  return { descriptor: fitted, vectors: await fitted.encode(descriptions, context.textEncoder), columns };
}

const STANDARD = 'one-hot';

interface Descriptions {
  readonly descriptions: readonly Description[];
  readonly columns: readonly string[];
}

async function descriptionsOf(
  config: RunConfig,
  chosen: ChosenDescriptor,
  tasks: DescribedTasks,
  context: DescribeContext,
): Promise<Descriptions> {
  const { descriptor, options } = chosen;
  if (options.table !== '')
    return { descriptions: await fromTable(config, chosen, tasks, context), columns: [] };
  if (tasks.rowsOf === undefined || descriptor.name === 'spec')
    return fromConfig(config, descriptor.name, tasks);
  if (descriptor.name === 'means')
    return { descriptions: describeByMeans(context.features, tasks.rowsOf), columns: [] };
  const columns = descriptor.name === 'text' ? [options.column] : options.columns;
  if (columns.every((name) => name === ''))
    throw missing(
      descriptor.name === 'text' ? 'model.descriptor.column' : 'model.descriptor.columns',
      'columns that describe the task of a row, or a table of tasks',
      `Write ${descriptor.name}:${descriptor.name === 'text' ? 'column=about' : 'columns=size+region'}, or name a table.`,
    );
  const { descriptions, varying } = describeByColumns(context.table, columns, tasks.rowsOf);
  for (const column of varying)
    context.warn({
      code: 'descriptor-varies',
      column,
      message: `"${column}" describes tasks but varies within them; its mean or most common value stands for a task.`,
      help: 'Leave it out of model.descriptor if it describes rows.',
    });
  return {
    descriptions: descriptor.name === 'text' ? asTexts(descriptions, options.column) : descriptions,
    columns,
  };
}

function asTexts(descriptions: readonly Readonly<Record<string, unknown>>[], column: string): string[] {
  return descriptions.map((one) => String(one[column] ?? ''));
}

/** What `tasks.<name>.descriptor` says. */
function fromConfig(config: RunConfig, kind: string, { names, rowsOf }: DescribedTasks): Descriptions {
  if (rowsOf !== undefined || kind === 'means' || kind === 'columns')
    throw missing(
      'model.descriptor',
      rowsOf === undefined
        ? 'spec, text, or columns of a table with a row for each task'
        : 'columns, text or means',
      rowsOf === undefined
        ? 'All tasks have the same rows here: describe each under tasks.<name>.descriptor.'
        : 'Tasks are values of a column here: name columns or a table that describe them.',
      kind,
    );
  const descriptions = names.map((name) => {
    const { descriptor } = config.tasks[name]!;
    if (descriptor !== undefined) return descriptor;
    throw missing(
      `tasks.${name}.descriptor`,
      kind === 'text' ? 'a sentence' : 'key-values, such as { size: 120, region: north }',
      'Describe every task, or use model.descriptor=one-hot.',
    );
  });
  return { descriptions, columns: [] };
}

/** The rows of a table of tasks. */
async function fromTable(
  config: RunConfig,
  { descriptor, options }: ChosenDescriptor,
  { names }: DescribedTasks,
  { directory, warn }: DescribeContext,
): Promise<Description[]> {
  const table = await openSource(options.table as SourceSpec, { directory, warn });
  const key = options.key === '' ? (config.by ?? 'task') : options.key;
  const { codes, values } = codesOf(requireColumn(table, key, 'model.descriptor.key'));
  const rowOf = new Map(Array.from(codes, (code, row) => [code < 0 ? undefined : values[code], row]));
  const own = names.map((name) => {
    const row = rowOf.get(name);
    if (row !== undefined) return Int32Array.of(row);
    throw missing(
      `model.descriptor.table: ${options.table}`,
      `a row for every task`,
      suggest(name, values),
      name,
    );
  });
  const isText = descriptor.name === 'text';
  const all = [...table.columns.keys()].filter((name) => name !== key);
  const columns = isText ? [options.column] : options.columns.length > 0 ? options.columns : all;
  const { descriptions } = describeByColumns(table, columns, own);
  return isText ? asTexts(descriptions, options.column) : [...descriptions];
}

function missing(path: string, expected: string, help: string, found: string = 'nothing'): PolytaskError {
  return new PolytaskError('descriptor-invalid', { path, expected, found, help });
}
