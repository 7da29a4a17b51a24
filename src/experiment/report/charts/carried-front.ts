import type { MetricAxis, Plotted } from '../front/view.ts';
import type { Markup } from '../html.ts';
import { carried } from './carried.ts';

/** Models with what they reach on the drawn tasks and the range of their seeds, as the table that a drawing carries. */
export function carriedFront(points: readonly Plotted[], axes: readonly MetricAxis[], each: string): Markup {
  const columns = axes.flatMap(({ task: { name, validation } }) => {
    const own = `${name}, ${validation.metric}`;
    return [own, `${own}, lowest`, `${own}, highest`];
  });
  return carried(
    [each, 'stands', ...columns],
    points.map(({ label, point }) => [
      label,
      point.front ? 'on the front' : 'beaten',
      ...axes.flatMap(({ task }) => {
        const spread = point.validation[task.name];
        return [spread?.mean, spread?.low, spread?.high];
      }),
    ]),
  );
}
