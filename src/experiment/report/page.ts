import type { RunResult } from '../result.ts';
import { renderDocument } from './document.ts';
import { html } from './html.ts';
import { affinitySection } from './sections/affinity.ts';
import { curvesSection } from './sections/curves.ts';
import { dataSection } from './sections/data.ts';
import { foldsSection } from './sections/folds.ts';
import { gainsSection } from './sections/gains.ts';
import { metricsSection } from './sections/metrics.ts';
import { objectiveSection } from './sections/objective.ts';
import { searchSection } from './sections/search.ts';
import { setupSection } from './sections/setup.ts';
import { sharingSection } from './sections/sharing.ts';
import { sizesSection } from './sections/sizes.ts';
import { tasksSection } from './sections/tasks.ts';
import { usageSection } from './sections/usage.ts';
import { verdictSection } from './sections/verdict.ts';
import { warningsSection } from './sections/warnings.ts';
import { whySection } from './sections/why.ts';
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
  const main = html`${verdictSection(result)}
${tasksSection(result, tasks)}
${whySection(result)}
${gainsSection(result)}
${foldsSection(result)}
${sizesSection(result, tasks)}
${searchSection(result)}
${curvesSection(result, tasks)}
${objectiveSection(result, tasks)}
${affinitySection(result, tasks)}
${sharingSection(result, tasks)}
${warningsSection(result)}
${dataSection(result)}
${usageSection(result)}
<section><h2>In full</h2>
${metricsSection(result, tasks)}
${setupSection(result, config)}
</section>`;
  return renderDocument(result, result.diagnosis?.words[0] ?? 'Report', main);
}
