import { type Diagnosis, summariseQuicker } from '../../../diagnosis/index.ts';
import type { RunResult } from '../../result.ts';
import { ratioBar } from '../charts/ratio-bar.ts';
import { bytes, milliseconds, NONE, signed, signedRange, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';

/** Better, quicker, smaller: what learning together can bring, each in one panel. */
export function gainsSection({ diagnosis, multi, independent, tasks }: RunResult): Markup {
  if (diagnosis === undefined || independent === undefined) return html``;
  const { delta, wins, losses, smaller } = diagnosis;
  const range = delta && signedRange(delta);
  const quick = summariseQuicker(diagnosis.tasks.map((task) => task.quicker));
  const times = (ratio: number | null): string =>
    ratio === null ? NONE : ratio < 0.995 ? `${(100 * ratio).toFixed(0)} %` : `${ratio.toPrecision(2)} ×`;
  const pair = (label: string, ratio: number, joint: string, alone: string): Markup =>
    html`<dt>${label}</dt><dd>${ratioBar(ratio, `${label}: ${joint} together, ${alone} apart`)}<span class="pair"><b>${joint}</b> <span>${alone} apart</span></span></dd>`;
  const rest = tasks.length - wins - losses;
  return html`<section class="gains"><h2>Better, quicker, smaller</h2><div class="panels">
<div class="panel"><h3>Better</h3><p class="figure">${delta === null ? NONE : `${signed(delta.mean)} %`}</p><p>mean change over tasks${range !== null && `, ${range}\u00a0%`}</p><p class="tally"><span class="helped">${wins} helped</span> <span class="hurt">${losses} hurt</span> <span>${rest} neither</span></p>${tasks.length > 1 && spreadOf(diagnosis)}</div>
<div class="panel"><h3>Quicker</h3><p class="figure">${times(quick.steps)}</p><p>${
    quick.compared === 0
      ? 'no validation curves to compare'
      : quick.steps === null
        ? 'the best scores of the separate models were not reached'
        : 'of the steps to the best score of a separate model'
  }</p>${
    quick.compared > 0 &&
    html`<p class="tally"><span>reached on ${quick.reached} of ${quick.compared} tasks</span>${quick.seconds !== null && html` <span>${times(quick.seconds)} of the time</span>`}${quick.rows !== null && html` <span>${times(quick.rows)} of the rows</span>`}</p>`
  }</div>
<div class="panel"><h3>Smaller</h3><dl>${pair('Parameters', smaller.parameters, whole(multi.parameters.total), whole(independent.parameters.total))}${pair('File', smaller.fileBytes, bytes(multi.fileBytes), bytes(independent.fileBytes))}${pair('One prediction', smaller.latency, milliseconds(multi.latencyMs), milliseconds(independent.latencyMs))}</dl></div>
</div></section>`;
}

/** The seesaw and mean ranks, and what every metric says, by both conventions. */
function spreadOf({ seesaw, ranks, conventions }: Diagnosis): Markup {
  const { meanOverTasks: tasks, meanOverMetrics: metrics } = conventions;
  return html`<p class="tally"><span title="By the sign of the mean change alone">${seesaw.improved} up, ${seesaw.harmed} down</span>${ranks.multi !== null && ranks.independent !== null && html` <span title="Mean rank over tasks among the two; 1 is the best">mean rank ${ranks.multi.toFixed(2)}, apart ${ranks.independent.toFixed(2)}</span>`}</p>${
    tasks !== null &&
    metrics !== null &&
    html`<p class="tally">every metric: <span title="Mean over tasks of the mean over a task’s metrics">${signed(tasks.mean)} % mean over tasks</span> <span title="Mean over all metrics of all tasks">${signed(metrics.mean)} % mean over metrics</span></p>`
  }`;
}
