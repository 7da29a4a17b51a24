import type { Point } from './messages.ts';

/** The curves as a table: a row a point and task, together and alone. */
export function curvesOf(tasks: readonly string[], points: readonly Point[]): string {
  const rows = points.flatMap(({ step, losses, metrics, alone }) =>
    tasks.map((task, t) =>
      [step, task, losses[t], metrics[t], alone?.losses[t], alone?.metrics[t]]
        .map((value) => value ?? '')
        .join(','),
    ),
  );
  return `${['step,task,loss,metric,loss alone,metric alone', ...rows].join('\n')}\n`;
}
