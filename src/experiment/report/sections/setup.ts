import type { RunResult, TrialResult } from '../../result.ts';
import { duration, seedsOf, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';

/** How the run was set up and what it ran on, folded. */
export function setupSection(result: RunResult, config: object | undefined): Markup {
  const { multi, independent, seeds, machine, best } = result;
  const rows: [string, string][] = [
    ['Seeds', seeds.join(', ')],
    ...trialRows('Together', multi),
    ...(independent ? trialRows('Alone', independent) : []),
    ['Exported', `${best.sharing}, ${best.objective}, ${seedsOf(result)}`],
    ['Runtime', `${machine.runtime}; ${machine.cores} cores; Node ${machine.node}`],
    ['Polytask', result.polytask],
    ['Run folder', result.run],
  ];
  return html`<details><summary>Set-up</summary><dl class="setup">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd class="name">${value}</dd></div>`)}</dl>${config && html`<pre tabindex="0"><code>${JSON.stringify(config, null, 2)}</code></pre>`}</details>`;
}

function trialRows(label: string, trial: TrialResult): [string, string][] {
  const { sharing, objective, parameters, steps, stepsPerEpoch, trainSeconds } = trial;
  const share = parameters.total > 0 ? Math.round((100 * parameters.shared) / parameters.total) : 0;
  return [
    [
      label,
      `${sharing}, objective ${objective}; ${whole(parameters.total)} parameters, ${share} % of them shared; ${whole(steps)} steps, ${whole(stepsPerEpoch)} an epoch; trained in ${duration(trainSeconds)}`,
    ],
  ];
}
