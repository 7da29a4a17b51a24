import type { ColumnPlan } from '../../../data/index.ts';
import type { RunResult } from '../../result.ts';
import { whole } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { labelDetails } from './labels.ts';

/** Beyond this many columns a page would be slow to open. */
const MOST_COLUMNS = 500;

/** Where the rows come from, and what became of every column. */
export function dataSection(result: Pick<RunResult, 'data' | 'tasks' | 'labels'>): Markup {
  const { rows, columns, source, fingerprint, by } = result.data;
  const total = rows.train + rows.validation + rows.test;
  const inputs = columns.filter(({ role }) => role === 'input').length;
  const part = (name: string, count: number): Markup =>
    html`<div><dt>${name}</dt><dd>${whole(count)} <span class="soft">${total > 0 ? ((100 * count) / total).toFixed(0) : 0} %</span></dd></div>`;
  return html`<section><h2>Data</h2><dl class="facts"><div><dt>Source</dt><dd class="name source">${source}</dd></div><div><dt>Rows</dt><dd>${whole(total)}</dd></div>${part('Train', rows.train)}${part('Validation', rows.validation)}${part('Test', rows.test)}${by !== undefined && html`<div><dt>Tasks by column</dt><dd class="name">${by}</dd></div>`}</dl>
<details><summary>${columns.length} columns, ${inputs} of them inputs</summary>${columnTable(columns)}</details>
${labelDetails(result)}<p class="note">Fingerprint of the table: <code>${fingerprint}</code></p></section>`;
}

function columnTable(columns: readonly ColumnPlan[]): Markup {
  const more = columns.length - MOST_COLUMNS;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Columns"><table><thead><tr><th scope="col">Column</th><th scope="col">Type</th><th scope="col">Role</th><th scope="col">Encoder</th><th scope="col">Why</th></tr></thead><tbody>${columns
    .slice(0, MOST_COLUMNS)
    .map(
      ({ name, type, role, encoder, note }) =>
        html`<tr><th scope="row" class="name">${name}</th><td>${type}</td><td>${role}</td><td>${encoder?.kind}</td><td class="why">${note}</td></tr>`,
    )}</tbody></table></div>${more > 0 && html`<p class="note">And ${more} more.</p>`}`;
}
