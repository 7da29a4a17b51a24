import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Markup } from '../../src/experiment/report/html.ts';
import { showEquipped } from './charts/equip.ts';

/**
 * A piece of a report, whose charts can be copied and saved. What comes from data in it is escaped already: that is what
 * Markup stands for.
 */
export function Sheet({ of }: { of: Markup }): JSX.Element | null {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (host.current) showEquipped(host.current, of.text);
  }, [of.text]);
  return of.text.trim() === '' ? null : <div ref={host} />;
}
