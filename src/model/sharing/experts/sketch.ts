import {
  type Block,
  type BlockOwner,
  expertBlock,
  formatWidths,
  type Link,
  NOBODYS,
  SHARED_BLOCK,
  type Sketch,
  taskBlock,
} from '../../sketch.ts';
import type { SketchContext } from '../sharing.ts';
import { numbered } from './experts.ts';
import { type ExpertOptions, expertWidths } from './options.ts';

/** Blocks and links, drawn from the inputs upwards. */
class Drawing {
  readonly blocks: Block[] = [{ id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 }];
  readonly links: Link[] = [];
  /** What experts and gates see: the inputs, or the layers that all tasks share over them. */
  readonly ground: string;

  constructor({ widths }: SketchContext, bottom: number) {
    this.ground =
      bottom === 0
        ? 'inputs'
        : this.#put('bottom', 'shared bottom', SHARED_BLOCK, 1, formatWidths(widths.slice(0, bottom)));
    if (bottom > 0) this.#link(['inputs'], 'bottom', 'flow');
  }

  /** The row above all that is drawn. */
  get next(): number {
    return Math.max(...this.blocks.map(({ level }) => level)) + 1;
  }

  experts(names: readonly string[], ids: string, from: string, level: number, of: ExpertKind): string[] {
    return names.map((name) => {
      const id = this.#put(`${ids}${name}`, name, of.owner(name), level, of.detail);
      this.#link([from], id, 'flow');
      return id;
    });
  }

  /** A mixture of experts by the gate of its owner, who sees `from`. */
  mixture(id: string, experts: readonly string[], from: string, level: number, owner: BlockOwner): string {
    this.#put(id, 'mixture', owner, level);
    this.#link(experts, id, 'flow');
    this.#link([from], id, 'gate');
    return id;
  }

  #put(id: string, label: string, owner: BlockOwner, level: number, detail?: string): string {
    this.blocks.push({ id, label, ...(detail !== undefined && { detail }), owner, level });
    return id;
  }

  #link(from: readonly string[], to: string, kind: Link['kind']): void {
    this.links.push(...from.map((source) => ({ from: source, to, kind })));
  }
}

interface ExpertKind {
  readonly detail?: string;
  owner(name: string): BlockOwner;
}

/** Experts that all tasks share, and a mixture of them for each task or for all. */
export function sketchMixture(
  context: SketchContext,
  options: ExpertOptions & { readonly experts: number },
  gates: 'one' | 'each',
): Sketch {
  const { tasks, widths } = context;
  const drawing = new Drawing(context, options.bottom);
  const { ground, next, blocks, links } = drawing;
  const detail = formatWidths(expertWidths(options, widths, options.experts));
  const names = numbered('expert', options.experts);
  const experts = drawing.experts(names, '', ground, next, { detail, owner: expertBlock });
  const mixture = (id: string, owner: BlockOwner): string =>
    drawing.mixture(id, experts, ground, next + 1, owner);
  const common = gates === 'one' ? mixture('mixture', SHARED_BLOCK) : undefined;
  const outputs = tasks.map((task) => [task, common ?? mixture(`mixture ${task}`, taskBlock(task))] as const);
  return { blocks, links, outputs: Object.fromEntries(outputs) };
}

/** Levels of shared and own experts with a mixture for each task, and one for the shared experts of the next level. */
export function sketchExtraction(
  context: SketchContext,
  options: ExpertOptions & { readonly shared: number; readonly own: number; readonly levels: number },
): Sketch {
  const { tasks } = context;
  const drawing = new Drawing(context, options.bottom);
  const { ground, blocks, links } = drawing;
  // How wide "auto" makes an expert depends on whether rows have one task each.
  const detail = options.hidden === 'auto' ? {} : { detail: formatWidths(options.hidden) };
  let shared = ground;
  let own = new Map(tasks.map((task) => [task, ground]));
  for (let level = 1; level <= options.levels; level++) {
    const { next } = drawing;
    const experts = (
      names: readonly string[],
      ids: string,
      from: string,
      owner: ExpertKind['owner'],
    ): string[] => drawing.experts(names, `${level} ${ids}`, from, next, { ...detail, owner });
    const common = experts(numbered('shared', options.shared), '', shared, expertBlock);
    const ofTask = tasks.map((task) =>
      experts(numbered(task, options.own), 'of ', own.get(task)!, () => taskBlock(task)),
    );
    const mixture = (id: string, from: string, mixed: readonly string[], owner: BlockOwner): string =>
      drawing.mixture(`${level} mixture ${id}`, mixed, from, next + 1, owner);
    own = new Map(
      tasks.map((task, t) => [
        task,
        mixture(`of ${task}`, own.get(task)!, [...common, ...ofTask[t]!], taskBlock(task)),
      ]),
    );
    if (level < options.levels && options.shared > 0)
      shared = mixture('shared', shared, [...common, ...ofTask.flat()], SHARED_BLOCK);
  }
  return { blocks, links, outputs: Object.fromEntries(own) };
}
