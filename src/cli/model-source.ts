import type { Table } from '../common/table.ts';
import type { RowStream, SourceOptions, SourceSpec, Warn } from '../data/index.ts';
import type { Model } from '../serving/index.ts';
import type { Io } from './io.ts';

/** Options of reading that a command was given. */
export type ReadOptions = Pick<SourceOptions, 'missing' | 'encoding' | 'limit'>;

/**
 * Reads rows for a model as its training rows were read: the same words for missing, the same types. A column of
 * codes that are all digits here must not become numbers where training had texts.
 */
export async function openForModel(
  model: Model,
  source: SourceSpec,
  options: ReadOptions,
  io: Io,
): Promise<Table> {
  const { openSource } = await import('../data/sources/index.ts');
  const { types } = model.signature;
  const given = asTrained(model, options);
  const table = await openSource(source, given);
  const differing = Object.entries(types).filter(([name, type]) => {
    const column = table.columns.get(name);
    return column !== undefined && column.type !== type;
  });
  if (differing.length === 0) return table;
  return openSource(source, { ...given, types: Object.fromEntries(differing), warn: warner(io) });
}

/** The rows of `openForModel`, in chunks: they need not fit into memory. */
export async function streamForModel(
  model: Model,
  source: SourceSpec,
  options: ReadOptions,
  io: Io,
): Promise<RowStream> {
  const { streamSource } = await import('../data/sources/index.ts');
  return streamSource(source, {
    ...asTrained(model, options),
    usual: model.signature.types,
    warn: warner(io),
  });
}

function asTrained({ signature }: Model, options: ReadOptions): ReadOptions {
  const { missing, encoding } = signature.read;
  return { ...(missing && { missing }), ...(encoding !== undefined && { encoding }), ...options };
}

const warner =
  (io: Io): Warn =>
  ({ message, help }) =>
    io.note(`warning: ${message}\n  help: ${help}`);
