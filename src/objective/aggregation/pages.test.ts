import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatValue, type Option } from '../../common/options.ts';
import { COMPOSITION } from './compose.ts';
import { type OpenGraph, openGraph } from './graph.test-support.ts';
import {
  combined,
  type DirectionOf,
  firstWeights,
  type PropertyProblem,
  propertiesOf,
} from './properties.ts';
import { AGGREGATIONS, chooseAggregation } from './registry.ts';

const page = (name: string): URL => new URL(`../../../docs/objectives/${name}.md`, import.meta.url);

test.each(Object.keys(AGGREGATIONS))(
  '%s has a page that names all of its options and their defaults',
  (name) => {
    const text = readFileSync(page(name), 'utf8');
    const { title, paper, options } = AGGREGATIONS[name]!;
    expect(text.split('\n').length).toBeLessThanOrEqual(41);
    expect(text).toContain(`# ${title}`);
    expect(text.replaceAll('\n', ' ')).toContain(paper);
    for (const [key, option] of Object.entries(options as Readonly<Record<string, Option<unknown>>>)) {
      // What goes with all of them is on the page of the plain sum.
      const common = name !== 'sum' && (COMPOSITION as Readonly<Record<string, unknown>>)[key] === option;
      expect(text).toContain(common ? `\`${key}\`` : `| \`${key}\` | ${formatValue(option.default)} |`);
    }
  },
);

/** Also with options that change what holds. */
const SPECS = Object.keys(AGGREGATIONS).flatMap((name) => [
  name,
  ...({ mgda: ['mgda:normalise=l2'], cagrad: ['cagrad:c=1'], fairgrad: ['fairgrad:alpha=1'] }[name] ?? []),
]);

test('docs/objectives/properties.md is what trying finds (UPDATE_DOCS=1 writes it anew)', async () => {
  const rows: string[] = [];
  for (const spec of SPECS) {
    const chosen = chooseAggregation(spec);
    const { direction, close } = inGraph(spec);
    const { transform, direction: whole, name, needs } = chosen.aggregation;
    const found = await propertiesOf(chosen, transform || whole ? direction : undefined);
    await close();
    const cells = Object.values(found).map((holds) => (holds ? 'yes' : '–'));
    rows.push(`| [\`${spec}\`](${name}.md) | ${cells.join(' | ')} | ${needs} |`);
  }
  const text = `# What holds of aggregations

Found by trying the first step of each on random and on chosen gradients, not by claim; a test keeps this table true.

- **no conflict**: no task gets worse to first order, gₜ·d ≥ 0.
- **scale-free**: multiplying a loss by a positive number does not turn the direction.
- **order-free**: tasks that change places do not turn the direction, with the same random numbers.
- **rests**: d = 0 at a Pareto-stationary point, where no direction helps all tasks.

| method | no conflict | scale-free | order-free | rests | needs |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

What a method needs: the \`gramian\` is all products of the tasks’ gradients of shared parameters; \`representation\` the
same of gradients of what the trunk gives to the heads, of which then the table speaks; \`jacobian\` the coordinates of the
gradients too.
`;
  if (process.env.UPDATE_DOCS) writeFileSync(page('properties'), text);
  expect(readFileSync(page('properties'), 'utf8')).toBe(text);
});

/** The first direction of a method whose graph has a part in it. */
function inGraph(spec: string): { direction: DirectionOf; close: () => Promise<void> } {
  const graphs = new Map<string, OpenGraph>();
  const graphOf = async ({ jacobian }: PropertyProblem): Promise<OpenGraph> => {
    const shape = { tasks: jacobian.length, size: jacobian[0]!.length };
    const key = JSON.stringify(shape);
    const graph = graphs.get(key) ?? (await openGraph(spec, shape));
    graphs.set(key, graph);
    return graph;
  };
  return {
    direction: async (problem) => {
      const graph = await graphOf(problem);
      const jacobian = problem.jacobian.flatMap((row) => [...row]);
      const [found] = await graph.run([{ jacobian, losses: [...problem.losses] }]);
      if (found!.direction !== undefined) return Float64Array.from(found!.direction);
      const size = problem.jacobian[0]!.length;
      const transformed = {
        jacobian: problem.jacobian.map((_, t) =>
          Float64Array.from(found!.transformed!.slice(t * size, (t + 1) * size)),
        ),
        losses: problem.losses,
      };
      return combined(transformed, firstWeights(chooseAggregation(spec), transformed));
    },
    close: async () => {
      for (const graph of graphs.values()) await graph.close();
    },
  };
}
