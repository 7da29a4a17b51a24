import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../src/common/error-codes.ts';
import { formatValue, type Option } from '../src/common/options.ts';
import { WARNING_CODES } from '../src/data/index.ts';
import { CAUSES } from '../src/diagnosis/index.ts';
import { configJsonSchema } from '../src/experiment/index.ts';
import { ENCODERS, NUMERIC_EMBEDDINGS, SHARINGS } from '../src/model/index.ts';
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

/** A table of methods that have no pages of their own. */
function plainMethods(registry: Readonly<Record<string, Omit<Method, 'name'>>>): string {
  const rows = Object.entries(registry).map(([name, { title, about, options }]) => {
    const own = Object.entries(options as Record<string, Option<unknown>>).map(
      ([key, option]) => `\`${key}=${formatValue(option.default)}\` ${option.about}`,
    );
    return `| \`${name}\` | ${title} | ${about} | ${own.join('<br>')} |`;
  });
  return ['| name | | | options |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

test('docs/encoders.md lists every encoder and every embedding of numbers (UPDATE_DOCS=1 writes it anew)', () => {
  const file = fileURLToPath(new URL('../docs/encoders.md', import.meta.url));
  const text = `# The trunk: encoders and numbers

What maps features to the representation that heads read. [Sharing](sharing/README.md) says whose its parameters are; the encoder
says what kind of network it is, and numeric embeddings what becomes of numbers before it.

\`\`\`sh
polytask fit rows.csv --task a --task b --encoder ensemble --numeric piecewise-linear
polytask fit rows.csv --task a --task b --encoder resnet:factor=1 --hidden 128,128,128
\`\`\`

In a config: \`model: { encoder: "resnet:factor=1", numeric: { name: periodic, sigma: 0.3 } }\`.

## Encoders

\`hidden\`, \`activation\` and \`dropout\` of the model are those of all encoders: a layer or block for each hidden size.

${plainMethods(ENCODERS)}

- \`mlp\`: h ← drop(a(norm(h W + b))).
- \`resnet\`: x is h, or h W + b in the first block and where the width changes; h ← x + drop(W₂ drop(a(W₁ norm(x) + b₁)) + b₂);
  after the last block a(norm(h)). Layer norm takes the place of the paper's batch norm.
- \`ensemble\`: member m has h ← drop(a(norm(((h ⊙ rₘ) W) ⊙ sₘ + bₘ))) with W of all members. They start apart by the signs of r on
  the inputs, and have towers and output layers of their own. The loss of a task is the mean of the members' losses, each of
  its own prediction; what is predicted is the mean of the members' predictions, probabilities and not logits. Members share
  weights and so capacity: give them a wider trunk (\`--hidden 256,256\`). A row costs as much as with that many networks.
- \`transformer\`: every feature is a token, and one token more sums them up; t ← t + attention(norm t), t ← t + W₂ drop(a(W₁ norm(t) +
  b₁)) + b₂; the first attention goes without its norm, which would hide how large numbers are. A hidden size is that inside a block; the representation, a(norm(t)) of the summing token, is as wide as a token.
  Between blocks the tokens of a row stand side by side as one vector, so that sharings mix, gate and condition them as any other.

Every encoder goes with every sharing that runs layers, with [conditioning](conditioning.md), wide and long tables, and seeds side by
side. What cannot be is refused before a run has a folder: \`task-queries\`, which runs no layers, goes with \`mlp\` alone.
Aggregations that compare gradients over the representation need an encoder of one network, and with an ensemble rows in blocks
cost a backward pass a task. The last layer of \`resnet\` and \`transformer\`, as \`over=last\` has it, is their last norm; name the block
instead: \`over=trunk/resnet/1\`.

## Numbers

${plainMethods(NUMERIC_EMBEDDINGS)}

A number xⱼ becomes the vector a(xⱼ vⱼ + φ(xⱼ) Wⱼ + bⱼ). W starts at 0: training begins with the numbers themselves. x is standardised
as ever, missing cells are the mean, and columns that say where they were stay numbers, as does every column of fewer than
three values. Vectors are as any other embedding: tasks share them or not as they do tables of categories, and where
features are tokens, the vectors are the tokens.

- \`piecewise-linear\`: φ(x)ₜ = (x − bₜ₋₁) / (bₜ − bₜ₋₁), clipped to [0, 1], where b are quantiles of the training rows in which the column is not
  missing. They stand in \`encoders.json\` of the model folder, and in its graph.
- \`bins\`: φ(x) = [piecewise-linear(x) ; 1{b₀ ≤ x < b₁}, …, 1{b_T ≤ x}]: each bin has a vector of its own as well. Where a column has
  no more than \`bins\` + 1 values each is an edge, so that whole numbers which name things, such as schools, are told apart as categories are.
- \`periodic\`: φ(x) = [sin 2πcₖx ; cos 2πcₖx] with learned c, at first N(0, σ²). σ is what to tune: larger for targets that
  change quickly with a number.

## When

Numbers with thresholds, heaps and tails, such as incomes: \`piecewise-linear\`, \`bins\` or \`periodic\`; whole numbers that also name things: \`bins\`. Smooth physical quantities: \`resnet\`, \`periodic\`, or
a wide \`ensemble\`. Where prediction may cost more: \`ensemble\` with either. \`transformer\` costs most, and is for tables of few columns.
On noisy tables embedded numbers want a strong \`weightDecay\` (0.3 to 1) and an averaged θ (\`training.average\` 0.99): [measured against
boosted trees](../benchmarks/trees/README.md), where perceptrons so trained did best, and transformers nowhere.

## Literature

- Y. Gorishniy, I. Rubachev, V. Khrulkov, A. Babenko: Revisiting deep learning models for tabular data. NeurIPS 2021.
- Y. Gorishniy, I. Rubachev, A. Babenko: On embeddings for numerical features in tabular deep learning. NeurIPS 2022.
- Y. Gorishniy, A. Kotelnikov, A. Babenko: TabM: advancing tabular deep learning with parameter-efficient ensembling. ICLR 2025.
- Y. Wen, D. Tran, J. Ba: BatchEnsemble: an alternative approach to efficient ensemble and lifelong learning. ICLR 2020.
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

test('docs/causes.md has the rules of today, each with words of its own (UPDATE_DOCS=1 writes the table anew)', () => {
  const file = fileURLToPath(new URL('../docs/causes.md', import.meta.url));
  const rows = CAUSES.map(({ code, title, ...words }) => {
    const cells = [words.statistic, words.rule, words.advice].map((cell) => cell.replaceAll('|', '\\|'));
    return `| [${title}](#${title.toLowerCase().replaceAll(' ', '-')}) | \`${code}\` | ${cells.join(' | ')} |`;
  });
  const table = [
    '| cause | code | statistic | rule | advice |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  const text = readFileSync(file, 'utf8');
  const renewed = text.replace(/(<!-- causes:.*-->\n)[\s\S]*(<!-- \/causes -->)/, `$1\n${table}\n\n$2`);
  if (process.env.UPDATE_DOCS) writeFileSync(file, renewed);
  expect(readFileSync(file, 'utf8')).toBe(renewed);
  for (const { title } of CAUSES) expect(text).toContain(`\n## ${title}\n`);
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
