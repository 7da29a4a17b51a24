import type { RunResult } from '../../result.ts';
import { score } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { TaskView } from '../view.ts';

/** Every metric of every task on the test rows, folded. */
export function metricsSection({ multi, independent }: RunResult, tasks: readonly TaskView[]): Markup {
  const rows = tasks.flatMap((task) => {
    const together = multi.allMetrics[task.index] ?? {};
    const alone = independent?.allMetrics[task.index] ?? {};
    const names = Object.keys(together);
    return names.map((name, i) => {
      const [a, b] = [together[name] ?? null, alone[name] ?? null];
      return html`<tr style="--h:${task.hue}">${i === 0 && html`<th scope="rowgroup" rowspan="${names.length}"><span class="swatch"></span><span class="name">${task.name}</span></th>`}<td>${name}</td><td class="number strong">${score(a, b)}</td>${independent && html`<td class="number">${score(b, a)}</td>`}</tr>`;
    });
  });
  if (rows.length === 0) return html``;
  return html`<details><summary>Every metric</summary><div class="scroll" tabindex="0" role="region" aria-label="Every metric"><table><thead><tr><th scope="col">Task</th><th scope="col">Metric</th><th scope="col" class="number">Together</th>${independent && html`<th scope="col" class="number">Alone</th>`}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
