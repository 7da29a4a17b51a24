import type { RunResult } from '../result.ts';
import { html } from './html.ts';
import { curvesSection } from './sections/curves.ts';
import { dataSection } from './sections/data.ts';
import { gainsSection } from './sections/gains.ts';
import { metricsSection } from './sections/metrics.ts';
import { objectiveSection } from './sections/objective.ts';
import { setupSection } from './sections/setup.ts';
import { sharingSection } from './sections/sharing.ts';
import { tasksSection } from './sections/tasks.ts';
import { usageSection } from './sections/usage.ts';
import { verdictSection } from './sections/verdict.ts';
import { warningsSection } from './sections/warnings.ts';
import { STYLE } from './style.ts';
import { taskViews } from './view.ts';

/**
 * The report of a run: one HTML file that loads nothing and needs no script. What comes from data is escaped, and the
 * page forbids itself any request.
 *
 * @param config the settings of the run with their defaults filled in, shown at the end
 * @example await writeFile('report.html', renderReport(result));
 */
export function renderReport(result: RunResult, config?: object): string {
  const tasks = taskViews(result);
  const name = result.run.split(/[\\/]/).filter(Boolean).at(-1) ?? result.run;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${result.diagnosis?.words[0] ?? 'Report'} ${name}, Polytask</title>
<style>${STYLE}</style>
</head>
<body>
<header><span class="brand">Polytask</span> <span class="name">${name}</span> <time datetime="${result.created}">${date(result.created)}</time></header>
<main>
${verdictSection(result)}
${gainsSection(result)}
${tasksSection(result, tasks)}
${curvesSection(result, tasks)}
${objectiveSection(result, tasks)}
${sharingSection(result, tasks)}
${warningsSection(result)}
${dataSection(result)}
${usageSection(result)}
<section><h2>In full</h2>
${metricsSection(result, tasks)}
${setupSection(result, config)}
</section>
</main>
</body>
</html>
`;
  return page.text;
}

function date(created: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(created);
  return match === null ? created : `${match[1]} ${match[2]} UTC`;
}
