import type { RunResult } from '../../result.ts';
import { html, type Markup } from '../html.ts';

/** Beyond this many, warnings are folded. */
const SHOWN = 5;

/** What the user should know of the data and of what training made of it, with what to do about it. */
export function warningsSection(
  result: Pick<RunResult, 'warnings'> & { readonly data: Pick<RunResult['data'], 'warnings'> },
): Markup {
  const warnings = [...result.data.warnings, ...(result.warnings ?? [])];
  if (warnings.length === 0) return html``;
  const items = warnings.map(
    ({ code, message, help }) =>
      html`<li><p class="message">${message}</p><p class="help">${help}</p><code>${code}</code></li>`,
  );
  const more = items.length - SHOWN;
  return html`<section class="warnings"><h2>${warnings.length === 1 ? 'One thing to look at' : `${warnings.length} things to look at`}</h2><ul>${items.slice(0, SHOWN)}</ul>${more > 0 && html`<details><summary>${more} more</summary><ul>${items.slice(SHOWN)}</ul></details>`}</section>`;
}
