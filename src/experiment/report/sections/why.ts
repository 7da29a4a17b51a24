import type { Advice, Bearing, Cause } from '../../../diagnosis/index.ts';
import type { RunResult } from '../../result.ts';
import { ruleOf, short, tasksOf } from '../causes/words.ts';
import { unbroken } from '../format.ts';
import { html, type Markup } from '../html.ts';

const BEARINGS: Readonly<Record<Bearing, readonly [className: string, words: string]>> = {
  helps: ['helped', 'for sharing'],
  hurts: ['hurt', 'against sharing'],
  limits: ['soft', 'limits both ways'],
};

/** Why sharing helped or hurt: what was measured, by which rule that is a cause, and what to change. */
export function whySection({
  causes,
  search,
  seeds,
}: Pick<RunResult, 'causes' | 'search' | 'seeds'>): Markup {
  if (causes === undefined) return html``;
  const { found, absent, unmeasured } = causes;
  const titles = (codes: readonly Cause['code'][]): string =>
    codes.map((code) => ruleOf({ code }).title.toLowerCase()).join(', ');
  // What searched has tried widths, and one seed has no interval.
  const couldTell = unmeasured.includes('capacity') && search === undefined && seeds.length > 1;
  return html`<section class="causes"><h2>Why</h2>${
    found.length === 0
      ? html`<p class="note">No cause stands out from noise.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-label="Causes"><table><thead><tr><th scope="col">Cause</th><th scope="col">Measured</th><th scope="col">Rule</th><th scope="col">Advice</th></tr></thead><tbody>${found.map(row)}</tbody></table></div>`
  }${absent.length > 0 && html`<p class="note">Looked for and not found: ${titles(absent)}.</p>`}${unmeasured.length > 0 && html`<p class="note">Not measured: ${titles(unmeasured)}.${couldTell && html` <code>polytask advise</code> trains what tells whether the network is too narrow.`}</p>`}</section>`;
}

function row(cause: Cause): Markup {
  const { title, rule } = ruleOf(cause);
  const { name, value, threshold } = cause.statistic;
  const [className, words] = BEARINGS[cause.bearing];
  return html`<tr><th scope="row"><span class="title">${title}</span><span class="${className}">${words}</span><span class="name soft">${tasksOf(cause)}</span></th><td><p>${unbroken(cause.sentence)}</p><p class="soft">${name}: <b>${short(value)}</b></p></td><td class="soft"><p>${rule}</p><p>threshold here ${short(threshold)}</p></td><td>${cause.advice.map(advised)}</td></tr>`;
}

function advised({ sentence, settings }: Advice): Markup {
  return html`<p>${sentence}${settings.map(({ path, value }) => html` <code>${path}=${typeof value === 'string' ? value : JSON.stringify(value)}</code>`)}</p>`;
}
