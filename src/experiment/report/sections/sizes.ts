import { effectOf } from '../../../diagnosis/index.ts';
import type { RunResult } from '../../result.ts';
import { efficiencyCurve } from '../charts/efficiency-curve.ts';
import { taskLabel } from '../charts/task-label.ts';
import { NONE, signed, signedRange, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { TaskView } from '../view.ts';

/** More lines than this tell nothing. */
const MOST_LINES = 8;

/** What sharing brings with fewer training rows. */
export function sizesSection({ fractions = [] }: RunResult, tasks: readonly TaskView[]): Markup {
  const known = fractions.flatMap(({ rows, transfer, fraction }) =>
    transfer === undefined ? [] : [{ rows: rows.train, fraction, transfer }],
  );
  if (known.length < 2) return html``;
  const points = known.map(({ rows, transfer: { delta } }) => ({ rows, delta, effect: effectOf(delta) }));
  const lines =
    tasks.length < 2 || tasks.length > MOST_LINES
      ? []
      : tasks.map(({ name, hue, index }) => ({
          name,
          hue,
          deltas: known.map(({ transfer }) => transfer.tasks[index]?.delta?.mean ?? null),
        }));
  return html`<section><h2>With fewer rows</h2><p class="note">Both ways were trained anew on shares of the training rows, the smaller within the larger and drawn once, with the same number of epochs at most; validation and test rows are the same. Change in per cent against learning alone, mean over tasks, with 95\u00a0% intervals.${lines.length > 0 && html` Thin lines are the tasks: ${tasks.map(({ name, hue }) => html`<span class="entry">${taskLabel(name, new Map([[name, hue]]))}</span> `)}`}</p><figure class="narrow">${efficiencyCurve(points, lines)}<figcaption>Training rows, on a logarithmic axis; above 0 is better together.</figcaption></figure><details><summary>In numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="By number of rows"><table><caption class="hidden">By number of rows</caption><thead><tr><th scope="col">Training rows</th><th scope="col" class="number">Share</th><th scope="col" class="number">Change, %</th><th scope="col" class="number">95 % interval</th><th scope="col" class="number">Helped</th><th scope="col" class="number">Hurt</th></tr></thead><tbody>${known.map(
    ({ rows, fraction, transfer: { delta, wins, losses } }) =>
      html`<tr><th scope="row">${whole(rows)}</th><td class="number">${Number((100 * fraction).toPrecision(3))} %</td><td class="number strong">${delta === null ? NONE : signed(delta.mean)}</td><td class="number">${(delta && signedRange(delta)) ?? NONE}</td><td class="number">${wins}</td><td class="number">${losses}</td></tr>`,
  )}</tbody></table></div></details></section>`;
}
