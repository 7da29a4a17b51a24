import type { ModelDescription } from '../describe-model.ts';
import { element, format } from './html.ts';

/** What the model is: tasks, test metrics, version. */
export function buildHeader({
  name,
  version,
  sharing,
  tasks,
  by,
  metrics,
  polytask,
}: ModelDescription): HTMLElement[] {
  const what =
    by === undefined
      ? `${tasks.length === 1 ? 'One task' : `${tasks.length} tasks`}: ${shortList(tasks.map((task) => task.name))}`
      : `${tasks.length} tasks, named by “${by}”`;
  const facts = element(
    'p',
    { class: 'soft' },
    `${what} · ${sharing} · version ${version} · Polytask ${polytask}`,
  );
  const shown = metrics.filter(({ value }) => value !== null);
  if (shown.length === 0) return [element('h1', {}, name), facts];
  const head = ['task', 'metric', 'this model', 'each task alone', 'best constant'];
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...shown.map(({ task, metric, value, alone, constant, higherIsBetter }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, task),
          element('td', {}, `${metric} ${higherIsBetter ? '↑' : '↓'}`),
          ...[value, alone ?? null, constant].map((one) =>
            element('td', { class: 'number' }, one === null ? '–' : format(one)),
          ),
        ),
      ),
    ),
  );
  return [
    element('h1', {}, name),
    facts,
    element(
      'details',
      {},
      element('summary', {}, 'How good it is, on rows that it never saw'),
      element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Test metrics' }, table),
    ),
  ];
}

function shortList(names: readonly string[]): string {
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
}
