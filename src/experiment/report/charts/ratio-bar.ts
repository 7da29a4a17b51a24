import { html, type Markup } from '../html.ts';
import { coordinate } from './scale.ts';

/** What the joint model needs beside what the separate ones need together: two bars of one scale. */
export function ratioBar(ratio: number, label: string): Markup {
  const longest = Math.max(1, ratio);
  const width = (share: number): string => `${coordinate(Math.max(0.5, (100 * share) / longest))}%`;
  return html`<svg class="ratio" role="img" width="100%" height="18"><title>${label}</title><rect class="joint" x="0" y="0" width="${width(ratio)}" height="7" rx="1.5"/><rect class="alone" x="0" y="10" width="${width(1)}" height="7" rx="1.5"/></svg>`;
}
