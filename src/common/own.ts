/**
 * The record's own entry of that name: a column may be called `constructor`, which every object inherits.
 */
export function own<V>(record: Readonly<Record<string, V>> | undefined, name: string): V | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
