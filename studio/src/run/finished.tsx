import type { JSX } from 'preact';
import { affinitySection } from '../../../src/experiment/report/sections/affinity.ts';
import { curvesSection } from '../../../src/experiment/report/sections/curves.ts';
import { dataSection } from '../../../src/experiment/report/sections/data.ts';
import { foldsSection } from '../../../src/experiment/report/sections/folds.ts';
import { gainsSection } from '../../../src/experiment/report/sections/gains.ts';
import { metricsSection } from '../../../src/experiment/report/sections/metrics.ts';
import { objectiveSection } from '../../../src/experiment/report/sections/objective.ts';
import { searchSection } from '../../../src/experiment/report/sections/search.ts';
import { setupSection } from '../../../src/experiment/report/sections/setup.ts';
import { sharingSection } from '../../../src/experiment/report/sections/sharing.ts';
import { sizesSection } from '../../../src/experiment/report/sections/sizes.ts';
import { tasksSection } from '../../../src/experiment/report/sections/tasks.ts';
import { verdictSection } from '../../../src/experiment/report/sections/verdict.ts';
import { warningsSection } from '../../../src/experiment/report/sections/warnings.ts';
import { whySection } from '../../../src/experiment/report/sections/why.ts';
import { taskViews } from '../../../src/experiment/report/view.ts';
import type { RunResult } from '../api.ts';
import { Sheet } from '../sheet.tsx';
import { GradientsOverTime } from './gradients.tsx';
import { PredictPanel } from './predict-panel.tsx';

/** What a finished run found: the sections of its report, drawn by the same functions. */
export function Finished({
  id,
  result,
  config,
}: {
  id: string;
  result: RunResult;
  config: Record<string, unknown> | undefined;
}): JSX.Element {
  const tasks = taskViews(result);
  const before = [
    verdictSection(result),
    tasksSection(result, tasks),
    whySection(result),
    gainsSection(result),
    foldsSection(result),
    sizesSection(result, tasks),
    searchSection(result),
    curvesSection(result, tasks),
    // The matrix stands below, at any time.
    objectiveSection(result, tasks, { matrix: false }),
    affinitySection(result, tasks),
  ];
  const after = [
    sharingSection(result, tasks),
    warningsSection(result),
    dataSection(result),
    metricsSection(result, tasks),
    setupSection(result, config),
  ];
  return (
    <>
      {before.map((section, i) => (
        <Sheet key={i} of={section} />
      ))}
      <GradientsOverTime trained={result.multi} tasks={tasks} />
      {after.map((section, i) => (
        <Sheet key={i} of={section} />
      ))}
      <PredictPanel id={id} />
    </>
  );
}
