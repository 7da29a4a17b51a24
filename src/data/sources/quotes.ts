/** Node cannot make a string much longer than this. */
const STRING_LIMIT = 4e8;

/**
 * Tab-separated text often has quotation marks that quote nothing, and one of them can swallow hundreds of rows.
 * Where every line has the same number of tabs, no quote is needed: pairs around whole cells are taken off, the
 * others are text. Undefined where quotes do hold tabs or line ends together.
 */
export function withoutQuotes(bytes: Buffer, cells: number): Buffer | undefined {
  if (!bytes.includes(0x22) || bytes.length > STRING_LIMIT) return undefined;
  const lines = bytes.toString('utf8').split('\n');
  const plain: string[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const parts = line.split('\t');
    if (parts.length !== cells) return undefined;
    plain.push(line.includes('"') ? parts.map(unquoted).join('\t') : line);
  }
  return Buffer.from(`${plain.join('\n')}\n`);
}

/** A cell without the quotation marks around it. */
export function unquoted(cell: string): string {
  const inside = /^"((?:[^"]|"")*)"$/.exec(cell)?.[1];
  return inside === undefined ? cell : inside.replaceAll('""', '"');
}
