import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Cost {
  readonly trunk: string;
  readonly tasks: number;
  readonly objective: string;
  readonly milliseconds: number;
  readonly relative: { readonly median: number; readonly cpu: number };
}

interface Machine {
  readonly cpu: string;
  readonly cores: number;
}

function resultsOf<T>(name: string): T & { readonly machine: Machine } {
  return JSON.parse(readFileSync(new URL(`../benchmarks/results/${name}.json`, import.meta.url), 'utf8'));
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');

/** Ratios of one trunk, a row an objective and a column a number of tasks. */
function costs(cases: readonly Cost[], trunk: string): string {
  const own = cases.filter((one) => one.trunk === trunk);
  const counts = [...new Set(own.map(({ tasks }) => tasks))].sort((a, b) => a - b);
  const names = [...new Set(own.map(({ objective }) => objective))];
  const cell = (objective: string, tasks: number): string => {
    const found = own.find((one) => one.objective === objective && one.tasks === tasks);
    return found === undefined
      ? '–'
      : `**${found.relative.median.toFixed(2)}** (${found.relative.cpu.toFixed(2)}; ${found.milliseconds.toFixed(1)} ms)`;
  };
  const bound = counts.map((tasks) => ((1 + 2 * tasks) / 3).toFixed(2));
  return table(
    ['objective', ...counts.map((tasks) => `${tasks} tasks`)],
    [
      ...names.map((name) => [`\`${name}\``, ...counts.map((tasks) => cell(name, tasks))]),
      ['*one forward and T backward passes*', ...bound],
    ],
  );
}

test('docs/objectives/cost.md is what was measured (UPDATE_DOCS=1 writes it anew)', () => {
  const { machine, cases } = resultsOf<{ cases: Cost[] }>('cost');
  const sampled = resultsOf<{ results: Record<string, string | number>[] }>('sampled');
  const memory = resultsOf<{ results: { objective: string; megabytes: number }[] }>('memory');
  const every = ['2', '4', '8', '16', '32'];
  const text = `# What objectives cost

A training step under each objective, relative to equal weights with which it takes turns, in a process of its own: the
median over rounds, and in brackets the same in processor time, and milliseconds. 512 rows, 128 inputs, two hidden layers of
256 units, made by \`benchmarks/objectives/cost.mjs\` on ${machine.cores} cores (${machine.cpu.trim()}). Weightings of losses stay in the loop of
training steps; aggregations ask the host in the middle of each step, so that θ leaves the graph and comes back at every
step: plain training driven that way costs 1.25 of looped training already.

## Shared bottom

${costs(cases, 'shared-bottom')}

\`every=16\` compares at one step in sixteen. \`over=representation\` compares the gradients of what all tasks share last.

## Mixture of four experts

${costs(cases, 'mmoe')}

## Rows of one task each, in blocks

Relative to equal weights on the same blocks. Beyond some tasks the Gramian itself is what costs: T² products over all shared
parameters beside three passes of B rows are a share of T²/3B, as much again as the step for 40 tasks and 512 rows.

${costs(cases, 'blocks')}

## What weights that are kept differ by

Along a training that compares at every step: the share of weight that stands with another task than it would, at the steps
that \`every\` passes over (\`benchmarks/objectives/sampled.mjs\`). Weights of one batch differ from those of the next by as much
as from those of the thirty-second: what is kept is no staler than the batch is noisy.

${table(
  ['objective', 'tasks', ...every.map((k) => `every=${k}`)],
  sampled.results.map((row) => [
    `\`${row.objective}\``,
    row.tasks!,
    ...every.map((k) => Number(row[k]).toFixed(3)),
  ]),
)}

## Memory

The most that a process held, 40 tasks over a million shared parameters, 256 rows (\`benchmarks/objectives/memory.mjs\`). Up to
16 tasks the Jacobian is kept for the direction; beyond, it is never written as a whole. Methods that look at coordinates
keep it, and several like it.

${table(
  ['objective', 'megabytes'],
  memory.results.map(({ objective, megabytes }) => [`\`${objective}\``, megabytes]),
)}
`;
  const file = fileURLToPath(new URL('../docs/objectives/cost.md', import.meta.url));
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
