import type { Table } from '../common/table.ts';
import type { SourceOptions, SourceSpec } from '../data/index.ts';
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
  const { read, types } = model.signature;
  const { missing, encoding } = read;
  const given = { ...(missing && { missing }), ...(encoding !== undefined && { encoding }), ...options };
  const table = await openSource(source, given);
  const differing = Object.entries(types).filter(([name, type]) => {
    const column = table.columns.get(name);
    return column !== undefined && column.type !== type;
  });
  const warn = ({ message, help }: { message: string; help: string }): void =>
    io.note(`warning: ${message}\n  help: ${help}`);
  if (differing.length === 0) return table;
  return openSource(source, { ...given, types: Object.fromEntries(differing), warn });
}
