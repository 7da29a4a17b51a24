/**
 * The record's own entry of that name: a column may be called `constructor`, which every object inherits.
 */
export function own<V>(record: Readonly<Record<string, V>> | undefined, name: string): V | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Gives a record an entry of its own, even where a setter of all objects has that name; quicker than `Object.fromEntries`. */
export function setOwn<V>(record: Record<string, V>, name: string, value: V): void {
  if (name === '__proto__')
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  else record[name] = value;
}
