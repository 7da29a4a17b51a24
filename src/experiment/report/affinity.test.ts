import { expect, test } from 'vitest';
import type { ObservedGradients } from '../../diagnosis/index.ts';
import type { RunResult } from '../result.ts';
import { fiveTasks } from './fixtures.ts';
import { renderReport } from './page.ts';

const sectionOf = (result: RunResult): string =>
  /<section class="affinity">.*?<\/section>/s.exec(renderReport(result))?.[0] ?? '';

/** What tasks of two groups, told apart by whether their place is even, would show. */
function observed(names: readonly string[]): ObservedGradients {
  const values = names.map((_, to) => names.map((_own, from) => ((to - from) % 2 === 0 ? 0.25 : -0.5)));
  const met = { norms: names.map(() => 1), cosines: values, cosine: -0.125, conflicts: 0.6 };
  const json = { tasks: names, rows: 'target', values } as const;
  return {
    looks: 7,
    whole: met,
    layers: [{ name: 'trunk/mlp/0', ...met }],
    affinity: { kind: 'first-order', values: json },
    cosine: json,
  };
}

function seen(result: RunResult = fiveTasks()): RunResult {
  const names = result.tasks.map(({ task }) => task.name);
  return { ...result, multi: { ...result.multi, observed: observed(names) } };
}

test('a run that did not look has no such section', () => {
  expect(sectionOf(fiveTasks())).toBe('');
});

test('the matrix with its groups framed, the groups, and gradients layer by layer', () => {
  const text = sectionOf(seen());
  expect(text).toContain('the mean of 7 looks');
  // Three tasks and two, each with itself.
  expect(text.match(/<td class="number[^"]*framed"/g)).toHaveLength(13);
  expect(text.match(/<td class="number cell better framed"/g)).toHaveLength(8);
  expect(text).toContain('<dt>As many as gain</dt>');
  expect(text).toContain('trunk/mlp/0');
  expect(text).toContain('60 % pointed apart');
  // Ten pairs and the mean of all, each as a name and in full.
  expect(text.match(/mean of all pairs/g)).toHaveLength(2);
  expect(text.match(/ · /g)).toHaveLength(20);
});

test('many tasks are a picture, whose groups stand together', () => {
  const few = fiveTasks();
  const facts = Array.from({ length: 20 }, (_, t) => ({
    ...few.tasks[0]!,
    task: { ...few.tasks[0]!.task, name: `t${t}` },
  }));
  const { diagnosis: _, independent: __, ...rest } = few;
  const text = sectionOf(seen({ ...rest, tasks: facts }));
  expect(text.match(/<rect /g)).toHaveLength(2);
  expect(text).toContain('<rect x="10" y="10" width="10" height="10"');
  expect(text).toContain('<li>t0</li><li>t2</li>');
});
