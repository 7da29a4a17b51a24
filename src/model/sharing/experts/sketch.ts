import {
  type Block,
  expertBlock,
  formatWidths,
  type Link,
  NOBODYS,
  SHARED_BLOCK,
  type Sketch,
  taskBlock,
} from '../../sketch.ts';
import type { SketchContext } from '../sharing.ts';
import { type ExpertOptions, expertWidths } from './options.ts';

/** Inputs, and the layers that all tasks share below the experts; `top` is what the experts see. */
function foundation(
  { widths }: SketchContext,
  bottom: number,
): { blocks: Block[]; links: Link[]; top: string } {
  const inputs: Block = { id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 };
  if (bottom === 0) return { blocks: [inputs], links: [], top: 'inputs' };
  const detail = formatWidths(widths.slice(0, bottom));
  return {
    blocks: [inputs, { id: 'bottom', label: 'shared bottom', detail, owner: SHARED_BLOCK, level: 1 }],
    links: [{ from: 'inputs', to: 'bottom', kind: 'flow' }],
    top: 'bottom',
  };
}

const from = (sources: readonly string[], to: string, kind: Link['kind']): Link[] =>
  sources.map((source) => ({ from: source, to, kind }));

/** Experts that all tasks share, and a mixture of them for each task or for all. */
export function sketchMixture(
  context: SketchContext,
  options: ExpertOptions & { readonly experts: number },
  gates: 'one' | 'each',
): Sketch {
  const { blocks, links, top } = foundation(context, options.bottom);
  const level = blocks.length;
  const detail = formatWidths(expertWidths(options, context.widths, options.experts));
  const experts = Array.from(
    { length: options.experts },
    (_, e): Block => ({
      id: `expert ${e}`,
      label: `expert ${e}`,
      detail,
      owner: expertBlock(`expert ${e}`),
      level,
    }),
  );
  const names = experts.map(({ id }) => id);
  const mixture = (task: string): string => (gates === 'one' ? 'mixture' : `mixture ${task}`);
  const mixtures: Block[] =
    gates === 'one'
      ? [{ id: mixture(''), label: 'mixture', owner: SHARED_BLOCK, level: level + 1 }]
      : context.tasks.map((task) => ({
          id: mixture(task),
          label: 'mixture',
          owner: taskBlock(task),
          level: level + 1,
        }));
  return {
    blocks: [...blocks, ...experts, ...mixtures],
    links: [
      ...links,
      ...names.flatMap((id) => from([top], id, 'flow')),
      ...mixtures.flatMap(({ id }) => [...from(names, id, 'flow'), ...from([top], id, 'gate')]),
    ],
    outputs: Object.fromEntries(context.tasks.map((task) => [task, mixture(task)])),
  };
}

/** Levels of shared and own experts with a mixture for each task, and one for the shared experts of the next level. */
export function sketchExtraction(
  context: SketchContext,
  options: ExpertOptions & { readonly shared: number; readonly own: number; readonly levels: number },
): Sketch {
  const { tasks } = context;
  const { blocks, links, top } = foundation(context, options.bottom);
  // How wide "auto" makes an expert depends on the table's form.
  const widths = options.hidden === 'auto' ? {} : { detail: formatWidths(options.hidden) };
  let sharedSource = top;
  let sources = new Map(tasks.map((task) => [task, top]));
  for (let level = 1; level <= options.levels; level++) {
    const row = blocks.at(-1)!.level + 1;
    const experts = (
      name: string,
      count: number,
      source: string,
      owner: (id: string) => Block['owner'],
    ): string[] =>
      Array.from({ length: count }, (_, e) => {
        const id = `${level} ${name} ${e}`;
        blocks.push({ id, label: `${name} ${e}`, ...widths, owner: owner(`${name} ${e}`), level: row });
        links.push(...from([source], id, 'flow'));
        return id;
      });
    const mixture = (
      name: string,
      experts: readonly string[],
      source: string,
      owner: Block['owner'],
    ): string => {
      const id = `${level} mixture ${name}`;
      blocks.push({ id, label: 'mixture', owner, level: row + 1 });
      links.push(...from(experts, id, 'flow'), ...from([source], id, 'gate'));
      return id;
    };
    const shared = experts('shared', options.shared, sharedSource, expertBlock);
    const own = new Map(
      tasks.map((task) => [task, experts(task, options.own, sources.get(task)!, () => taskBlock(task))]),
    );
    const gateSource = sharedSource;
    if (level < options.levels && options.shared > 0)
      sharedSource = mixture('shared', [...shared, ...[...own.values()].flat()], gateSource, SHARED_BLOCK);
    sources = new Map(
      tasks.map((task) => [
        task,
        mixture(`of ${task}`, [...shared, ...own.get(task)!], sources.get(task)!, taskBlock(task)),
      ]),
    );
  }
  return { blocks, links, outputs: Object.fromEntries(sources) };
}
