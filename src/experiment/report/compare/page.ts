import { effectOf } from '../../../diagnosis/index.ts';
import type { ComparedRun, Comparison } from '../../compare/comparison.ts';
import { distribution } from '../charts/distribution.ts';
import { forest } from '../charts/forest.ts';
import { deltaReach } from '../charts/scale.ts';
import { renderDocument } from '../document.ts';
import { unbroken, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { hueOf, MANY_TASKS } from '../view.ts';
import { type CompareRow, compareRows } from './rows.ts';
import { comparisonWords } from './words.ts';

/**
 * Runs side by side: one HTML file that loads nothing and needs no script.
 *
 * @example await writeFile('compare.html', renderComparison(await compareRuns(paths)));
 */
export function renderComparison(comparison: Comparison): string {
  const { runs, created, data } = comparison;
  const [answer, ...words] = comparisonWords(comparison);
  const { train, validation, test } = data.rows;
  const main = html`<section class="verdict open"><h1>Which of these ${runs.length} runs does best?</h1><p class="answer">${answer}</p><p class="words">${unbroken(words.join(' '))}</p></section>
${tableSection(comparison)}
${gainsSection(comparison)}
${tasksSection(comparison)}
<section><h2>In full</h2><dl class="setup"><div><dt>Rows</dt><dd class="name">${whole(train)} train, ${whole(validation)} validation, ${whole(test)} test, of ${data.source}${data.folds !== undefined && html`; ${data.folds} folds`}</dd></div>${runs.map(
    ({ name, run, seeds }) =>
      html`<div><dt class="name">${name}</dt><dd class="name">${run}, seeds ${seeds.join(', ')}</dd></div>`,
  )}</dl></section>`;
  return renderDocument({ run: 'comparison', created }, answer!, main);
}

const GROUPS: Readonly<Record<CompareRow['about'], string>> = {
  setting: 'Settings that differ',
  score: 'Test rows, mean ± standard deviation',
  gain: 'Against the baseline',
  cost: 'Cost',
};

function tableSection(comparison: Comparison): Markup {
  const rows = compareRows(comparison);
  const heads = comparison.runs.map(
    ({ name }) => html`<th scope="col" class="number"><span class="name">${name}</span></th>`,
  );
  const body = (['setting', 'score', 'gain', 'cost'] as const).map((about) => {
    const own = rows.filter((row) => row.about === about);
    return (
      own.length > 0 &&
      html`<tbody><tr><th scope="rowgroup" class="soft" colspan="${heads.length + 1}">${GROUPS[about]}</th></tr>${own.map(
        ({ label, cells }) =>
          html`<tr><th scope="row"><span class="name">${label}</span></th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`,
      )}</tbody>`
    );
  });
  return html`<section><h2>Side by side</h2><div class="scroll runs" tabindex="0" role="region" aria-label="Runs"><table><caption class="hidden">Runs</caption><thead><tr><th scope="col">Run</th>${heads}</tr></thead>${body}</table></div></section>`;
}

const others = ({ runs }: Comparison): ComparedRun[] =>
  runs.filter(({ standing }) => standing !== 'baseline');

function gainsSection(comparison: Comparison): Markup {
  const rows = others(comparison).map(({ name, delta }) => ({
    label: name,
    delta,
    effect: effectOf(delta),
  }));
  return html`<section><h2>What each gains</h2><figure class="narrow">${forest(rows, `Mean change of each run against ${comparison.baseline}, in per cent, with 95 % intervals`)}<figcaption>Mean change over tasks against <b class="name">${comparison.baseline}</b> in per cent, with 95 % intervals; right of 0 is better.</figcaption></figure></section>`;
}

function tasksSection(comparison: Comparison): Markup {
  const { tasks, baseline } = comparison;
  if (tasks.length < 2) return html``;
  const reach = deltaReach(others(comparison).flatMap((run) => run.tasks.map(({ delta }) => delta)));
  return html`<section><h2>Task by task</h2>${others(comparison).map(({ name, tasks: own }, i) => {
    const rows = own.map(({ delta, effect }, t) => ({
      label: tasks[t]!.name,
      delta,
      effect,
      hue: hueOf(t),
    }));
    const title = `Change of each task in ${name} against ${baseline}, in per cent, with 95 % intervals`;
    const known = rows.flatMap(({ delta, ...row }) => (delta === null ? [] : [{ ...row, delta }]));
    const chart = tasks.length < MANY_TASKS ? forest(rows, title, reach) : distribution(known);
    return html`<details${i < MOST_OPEN && html` open=""`}><summary><span class="name">${name}</span></summary><figure class="${tasks.length < MANY_TASKS ? 'narrow' : 'wide'}">${chart}</figure></details>`;
  })}</section>`;
}

/** Runs whose tasks are drawn in sight; those of more runs are folded. */
const MOST_OPEN = 3;
