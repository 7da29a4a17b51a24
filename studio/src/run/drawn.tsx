import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Markup } from '../../../src/experiment/report/html.ts';
import { Sheet } from '../sheet.tsx';

/** A piece of a report that is drawn anew only when what it is drawn from is another. */
export function Drawn({ from, draw }: { from: readonly unknown[]; draw: () => Markup }): JSX.Element {
  return <Sheet of={useMemo(draw, from)} />;
}
