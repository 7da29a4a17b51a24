import type { JSX } from 'preact';
import type { Markup } from '../../src/experiment/report/html.ts';

/** A piece of a report. What comes from data in it is escaped already: that is what Markup stands for. */
export function Sheet({ of }: { of: Markup }): JSX.Element | null {
  if (of.text.trim() === '') return null;
  return <div dangerouslySetInnerHTML={{ __html: of.text }} />;
}
