import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Markup } from '../../../src/experiment/report/html.ts';
import { Sheet } from '../sheet.tsx';
import { placesIn, putBack } from './places.ts';

/**
 * A piece of a report that is drawn anew only when what it is drawn from is another; where one has scrolled to in it, and whether
 * one is there by keys, is kept.
 */
export function Drawn({ from, draw }: { from: readonly unknown[]; draw: () => Markup }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const of = useMemo(draw, from);
  // Read while the markup before is still there: the sheet below shows the new one first.
  const places = useMemo(() => placesIn(host.current), [of]);
  useLayoutEffect(() => putBack(host.current!, places), [of]);
  return (
    <div ref={host}>
      <Sheet of={of} />
    </div>
  );
}
