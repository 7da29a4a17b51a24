import { joined, plainNumber, readTable, type Table, writeTables } from './tables.ts';

const told = new WeakMap<Element, () => string>();

/** For a figure that carries no table, such as one that is painted many times a second: its data when they are asked for. */
export function tellData(figure: Element, data: () => string): void {
  told.set(figure, data);
}

/** What is shown as tab-separated text: as the figure tells, or its drawings carry, or its tables read. */
export function dataOf(shown: Element): string {
  const given = told.get(shown)?.();
  if (given !== undefined) return given;
  const carried = [...shown.querySelectorAll('svg > metadata')].map(({ textContent }) =>
    readTable(textContent),
  );
  return writeTables(
    carried.length > 0 ? joined(carried) : [...shown.querySelectorAll('table')].map(cellsOf),
  );
}

/** A table of a page; a cell that reaches over several rows or columns stands in each. */
function cellsOf(table: HTMLTableElement): Table {
  const cells: string[][] = [...table.rows].map(() => []);
  [...table.rows].forEach((row, r) => {
    let c = 0;
    for (const cell of row.cells) {
      while (cells[r]![c] !== undefined) c++;
      const text = cell.dataset.value ?? plainNumber(textOf(cell));
      for (const below of cells.slice(r, r + cell.rowSpan))
        for (let span = 0; span < cell.colSpan; span++) below[c + span] = text;
    }
  });
  return cells;
}

/** What is read, in full where it is cut; drawings and marks that are not read aloud are none of it. */
function textOf(element: Element): string {
  const text = [...element.childNodes].map((node) => {
    if (node instanceof Text) return node.data;
    if (!(node instanceof HTMLElement) || node.ariaHidden === 'true') return '';
    return node instanceof HTMLBRElement ? ' ' : textOf(node);
  });
  const whole = text.join('').replace(/\s+/g, ' ').trim();
  return whole.endsWith('…') ? (element.getAttribute('title') ?? whole) : whole;
}
