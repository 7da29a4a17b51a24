/** Cells as text, the header first. */
export type Table = readonly (readonly string[])[];

/** Tab-separated text as a table. */
export function readTable(text: string): Table {
  return text.split('\n').map((line) => line.split('\t'));
}

/** Tables as tab-separated text, an empty line between two. */
export function writeTables(tables: readonly Table[]): string {
  return tables.map((table) => table.map((row) => row.join('\t')).join('\n')).join('\n\n');
}

/** Tables that follow each other with the same first column are one, side by side. */
export function joined(tables: readonly Table[]): Table[] {
  const whole: Table[] = [];
  for (const table of tables) {
    const last = whole.at(-1);
    if (last !== undefined && sameRows(last, table))
      whole[whole.length - 1] = last.map((row, r) => [...row, ...table[r]!.slice(1)]);
    else whole.push(table);
  }
  return whole;
}

function sameRows(one: Table, other: Table): boolean {
  return one.length === other.length && one.every(([first], r) => first === other[r]![0]);
}

/** A number as other programs read it, without its groups and typographic signs; a dash is nothing; other text is as it was. */
export function plainNumber(text: string): string {
  if (text === '–') return '';
  const plain = text
    .replace(/(?<=\d)[,\u202f](?=\d{3}(?!\d))/g, '')
    .replace(/^\+(?=\d)/, '')
    .replace(/^−(?=\d)|(?<=e)−/g, '-');
  return /^-?\d+(\.\d+)?(e-?\d+)?$/.test(plain) ? plain : text;
}
