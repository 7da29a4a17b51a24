import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ListedRun } from '../api.ts';
import type { Column } from './columns.tsx';

/** Pixels, as the style sheet has it. */
const ROW = 38;
const BEYOND = 12;

interface Props {
  readonly rows: readonly ListedRun[];
  readonly columns: readonly Column[];
  readonly order: { readonly column: string; readonly falling: boolean };
  onOrder(column: string): void;
}

/** A table of any length: only the rows in sight are in the page, with room for the others above and below. */
export function VirtualRows({ rows, columns, order, onOrder }: Props): JSX.Element {
  const [top, setTop] = useState(0);
  const height = 36 * 16;
  const first = Math.max(0, Math.floor(top / ROW) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + BEYOND);
  return (
    <section
      class="scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys to be scrolled by them.
      tabIndex={0}
      aria-label="Runs"
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, title, number }) => (
              <th
                key={key}
                scope="col"
                class={number ? 'number' : undefined}
                aria-sort={order.column === key ? (order.falling ? 'descending' : 'ascending') : undefined}
              >
                <button type="button" onClick={() => onOrder(key)}>
                  {title}
                  <span aria-hidden="true">{order.column === key ? (order.falling ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Room rows={first} columns={columns.length} />
          {rows.slice(first, last).map((run, i) => (
            <tr key={run.id} aria-rowindex={first + i + 2}>
              {columns.map(({ key, number, show }, c) =>
                c === 0 ? (
                  <th key={key} scope="row">
                    {show(run)}
                  </th>
                ) : (
                  <td key={key} class={number ? 'number' : undefined}>
                    {show(run)}
                  </td>
                ),
              )}
            </tr>
          ))}
          <Room rows={rows.length - last} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

/** The height of rows that are out of sight. */
function Room({ rows, columns }: { rows: number; columns: number }): JSX.Element | null {
  if (rows <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of nothing cannot be focused.
    <tr aria-hidden="true" class="room">
      <td colSpan={columns} style={{ height: `${rows * ROW}px` }} />
    </tr>
  );
}
