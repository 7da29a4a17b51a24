import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../src/common/error-codes.ts';
import { formatValue, type Option } from '../src/common/options.ts';
import { WARNING_CODES } from '../src/data/index.ts';
import { configJsonSchema } from '../src/experiment/index.ts';
import { SHARINGS } from '../src/model/index.ts';
import { AGGREGATIONS, LOSS_WEIGHTINGS } from '../src/objective/index.ts';

const page = fileURLToPath(new URL('../docs/errors.md', import.meta.url));

function table(codes: Readonly<Record<string, string>>): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return ['| code | meaning |', '| --- | --- |', ...rows].join('\n');
}

test('docs/errors.md lists every code (UPDATE_DOCS=1 writes it anew)', () => {
  const text = `# Errors and warnings

Every error of Polytask has a code, the place (\`path\`), what was \`expected\`, what was \`found\`, and a \`help\` line that
says what to do. The command line prints it and exits with 2; with \`--json\` the last line of stdout holds it as
\`{ "error": … }\`; in code it is a \`PolytaskError\`.

## Errors

${table(ERROR_CODES)}

## Warnings

What was noticed and does not stop the work; the terminal and the report show them.

${table(WARNING_CODES)}
`;
  if (process.env.UPDATE_DOCS) writeFileSync(page, text);
  expect(readFileSync(page, 'utf8')).toBe(text);
});

test('run.schema.json, which the package ships for editors, is the schema of today', () => {
  const file = fileURLToPath(new URL('../run.schema.json', import.meta.url));
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(text));
});

interface Method {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly options: object;
}

/** A table of methods, each with a page of its own and its options. */
function methods(registry: Readonly<Record<string, Method>>): string {
  const rows = Object.values(registry).map(({ name, title, about, options }) => {
    const defaults = Object.entries(options as Record<string, Option<unknown>>).map(
      ([key, option]) => `${key}=${formatValue(option.default) || '…'}`,
    );
    return `| [\`${name}\`](${name}.md) | ${title} | ${about} | ${defaults.map((text) => `\`${text}\``).join(' ')} |`;
  });
  return ['| name | | | options |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

test('docs/sharing/README.md lists every way of sharing (UPDATE_DOCS=1 writes it anew)', () => {
  const file = fileURLToPath(new URL('../docs/sharing/README.md', import.meta.url));
  const text = `# Ways of sharing

How θ is split into what tasks share and what is their own: \`--sharing NAME\`, or \`--sharing NAME:option=value,…\`, or in a
config \`model: { sharing: { name: …, option: … } }\`. Lists are joined by "+": \`hidden=64+32\`. Every way goes with every kind
of task, wide and long tables, missing labels and, where a row carries labels of all tasks, every [flow](../flow.md);
every way but \`independent\` and \`task-queries\` with every [conditioning](../conditioning.md).

${methods(SHARINGS)}
`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('docs/objectives/README.md lists every objective (UPDATE_DOCS=1 writes it anew)', () => {
  const file = fileURLToPath(new URL('../docs/objectives/README.md', import.meta.url));
  const text = `# Objectives

How the losses of tasks become one direction: \`--objective NAME\`, \`--objective NAME:option=value,…\`, or a weighting of losses
and an aggregation of gradients together: \`--objective uncertainty+cagrad:c=0.4\`. In a config \`objective: { weighting: …,
aggregation: …, over: …, by: … }\`.

What a task owns always follows its own weighted loss; an aggregation directs what tasks share. It compares gradients over
all shared parameters (\`over=shared\`), the last shared layer (\`over=last\`), the representation that all tasks share
(\`over=representation\`) or layers by name (\`over=trunk/mlp/0+trunk/mlp/1\`), and directs all at once (\`by=whole\`), each
layer, or each parameter tensor by itself (\`by=layer\`, \`by=tensor\`). With \`every=16\` it looks at one step in sixteen: the
steps between take the weights that were found and cost what plain ones do. Independent networks, with which a run compares,
are trained with equal weights; they come first, and whether or not they are compared with, where [\`excess\`](excess.md) weighs
by what they reach.

[What each costs](cost.md) is measured: weightings of losses next to nothing, aggregations up to a backward pass a task.

Methods with an option \`preference\`, and \`fixed\`, can be tried over many preferences among the tasks: see
[fronts](../front.md).

## Weightings of losses

Every one also takes \`min\`, \`max\` and \`warmup\` (epochs).

${methods(LOSS_WEIGHTINGS)}

## Aggregations of gradients

Those that give weights also take \`min\`, \`max\`, \`warmup\` (steps) and \`every\` (steps for which weights are kept). What each
promises is in the [table of properties](properties.md), which tests compute. \`modo\` and \`sdmgrad\` divide the rows of a step
into three batches: two compare, the third is descended. Where rows belong to one task each, batches hold as many rows of each
task while gradients are compared (\`sampling.batches: blocks\`): their gradients then cost what one does. With another sampling,
a conditioned model or networks that look at every row, batches stay mixed and cost a backward pass a task.

${methods(AGGREGATIONS)}

## What is recorded

Each point of the learning curves in \`result.json\` keeps the mean weight of each task's loss since the point before
(\`weights\`), where weights are not all 1. Where an aggregation compares gradients, it also keeps how they met (\`gradients\`),
in the first seed: gₜ is the gradient of task t's weighted loss over what is compared. Steps without comparison, and tasks
without labels in a step, do not count.

| field | formula | says |
| --- | --- | --- |
| \`norms\` | ‖gₜ‖, mean over steps | which task moves the shared parameters most |
| \`cosines\` | gₜ·gᵤ / (‖gₜ‖‖gᵤ‖), mean over steps; up to 20 tasks | 1 together, −1 apart; \`null\` if the two never met |
| \`conflicts\` | share of pairs with gₜ·gᵤ < 0 | how often two tasks pull apart |
| \`similarity\` | 2‖gₜ‖‖gᵤ‖ / (‖gₜ‖² + ‖gᵤ‖²), mean over pairs | 1 equally long, near 0 if one outweighs the other |
| \`condition\` | κ(J) = σ_max / σ_min of the matrix J of gradients, median over up to 16 steps | 1 orthogonal and equally long; \`null\` if infinite: a gradient is 0 or follows from others |

Similarity: Yu et al., [PCGrad](pcgrad.md); condition: Senushkin et al., [Aligned-MTL](aligned.md). The report draws them over
training under "Weighing", with the cosine of each pair as a heatmap over time.
`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('docs/front.md names every method that takes preferences', () => {
  const text = readFileSync(new URL('../docs/front.md', import.meta.url), 'utf8');
  const named = [...text.matchAll(/\[`([\w-]+)`\]\(objectives/g)].map(([, name]) => name);
  const preferring = Object.values({ ...LOSS_WEIGHTINGS, ...AGGREGATIONS })
    .filter(({ prefers }) => prefers !== undefined)
    .map(({ name }) => name);
  expect(named.sort()).toEqual(preferring.sort());
});

/** All pages of the documentation. */
function pages(folder: string): string[] {
  return readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith('.md'));
}

test('links between the pages lead somewhere', () => {
  for (const name of ['README.md', 'CONTRIBUTING.md', 'benchmarks/README.md', ...pages('docs')]) {
    const file = new URL(`../${name}`, import.meta.url);
    for (const [, target] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#:]+)\)/g))
      expect(() => readFileSync(new URL(target!, file)), `${name} → ${target}`).not.toThrow();
  }
});
