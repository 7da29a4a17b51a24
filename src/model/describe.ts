import { drawModel } from './drawing.ts';
import { countFlops } from './flops.ts';
import { orderByFamily } from './heads.ts';
import { inputLeaves } from './inputs.ts';
import { buildModel, type ModelSignature, type ModelSpec } from './model.ts';
import { countParameters, type Parameter, type ParameterCount, ParameterSet } from './parameter.ts';
import { chooseSharing } from './sharing/registry.ts';
import type { Sketch } from './sketch.ts';

/** The parameters of one part of a model, by owner. */
export interface PartCount {
  readonly part: string;
  readonly total: number;
  readonly shared: number;
  readonly experts: number;
  readonly tasks: number;
}

/** What a model is made of, as plain JSON: who owns how much of θ, what it costs, and how it is drawn. */
export interface Architecture {
  readonly sharing: {
    readonly name: string;
    readonly title: string;
    readonly about: string;
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** How many tasks there are; `sketch.outputs` names those that are drawn. */
  readonly tasks: number;
  readonly sketch: Sketch;
  readonly parameters: ParameterCount;
  readonly parts: readonly PartCount[];
  /** Floating-point operations to predict one row: all tasks of it, or the one it belongs to; see `countFlops`. */
  readonly flops: number;
}

/**
 * Describes a model without training it: θ = (shared, experts, tasks), its parts, its cost and its drawing.
 *
 * @throws `sharing-unknown`, `sharing-invalid`
 * @example describeModel({ ...spec, sharing: 'mmoe:experts=8' }, signature).parameters.shared
 */
export function describeModel(spec: ModelSpec, signature: ModelSignature): Architecture {
  const set = new ParameterSet();
  const inputs = inputLeaves(signature.features, 'batch', signature.long);
  const layout = signature.long ? 'rows' : 'wide';
  const { logits, widths } = buildModel(spec, signature, set, inputs, layout, { training: false });
  const { sharing, options } = chooseSharing(spec.sharing);
  const { heads } = orderByFamily(signature.heads);
  const context = { tasks: heads.map(({ name }) => name), widths, heads };
  const { parameters } = set;
  const ofHeads = parameters.filter(({ name }) => name.startsWith(HEADS));
  const shared = ofHeads.every(({ owner }) => owner.kind === 'shared');
  const { name, title, about } = sharing;
  return {
    sharing: { name, title, about, options: { ...options } },
    tasks: heads.length,
    sketch: drawModel(sharing.sketch(context, options), { heads, tower: spec.tower.hidden, shared }),
    parameters: countParameters(parameters),
    parts: countParts(parameters, new Set(set.lookups.map(({ parameter }) => parameter.name))),
    flops: countFlops([...logits.values()]),
  };
}

const HEADS = 'heads/';

/** What a part is called; a parameter is of the first that it fits, else of the one its name begins with. */
const PARTS: readonly (readonly [string, (parameter: Parameter, table: boolean) => boolean])[] = [
  ['embeddings', ({ name }, table) => table || name.includes('/numeric/')],
  ['towers', ({ name }) => name.startsWith(HEADS) && name.includes('/tower/')],
  ['gates', ({ name }) => name.includes('gate')],
  ['experts', ({ name, owner }) => owner.kind === 'expert' || name.includes('expert')],
];

/** In the order of the graph, from the input up. */
function countParts(parameters: readonly Parameter[], tables: ReadonlySet<string>): PartCount[] {
  const parts = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const [known] = PARTS.find(([, fits]) => fits(parameter, tables.has(parameter.name))) ?? [];
    const part = known ?? parameter.name.split('/')[0]!;
    parts.set(part, [...(parts.get(part) ?? []), parameter]);
  }
  return [...parts].map(([part, own]) => {
    const { total, shared, experts, tasks } = countParameters(own);
    return { part, total, shared, experts: sum(experts), tasks: sum(tasks) };
  });
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}
