import { RandomStream } from '../common/random.ts';
import { expand, gather, input, reshape, type Tensor, type TensorData, tensorData } from '../engine/index.ts';
import { memberCopies, membersFirst } from './member-parameters.ts';

/** Who a parameter belongs to: θ splits into the shared part, one part a task and one part an expert. */
export type Owner =
  | { readonly kind: 'shared' }
  /** Slice e along axis 0 belongs to experts[e], which all tasks may use. */
  | { readonly kind: 'expert'; readonly experts: readonly string[] }
  /** Slice t along axis 0 belongs to tasks[t]. */
  | { readonly kind: 'task'; readonly tasks: readonly string[] }
  /** Columns of the last axis belong to tasks, `columns[t]` of them to tasks[t]. */
  | { readonly kind: 'task-columns'; readonly tasks: readonly string[]; readonly columns: readonly number[] };

export const SHARED: Owner = { kind: 'shared' };

/** How a parameter starts; `fanIn` counts the inputs of one unit. */
export type Initialiser =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  /** 1 or −1, as likely as each other. */
  | { readonly kind: 'signs' }
  | { readonly kind: 'values'; readonly values: readonly number[] }
  /** Uniform in ±√(gain · 3 / fanIn); gain 2 is He's for rectifiers, 1 keeps the variance of a linear layer. */
  | { readonly kind: 'uniform'; readonly fanIn: number; readonly gain: number }
  | { readonly kind: 'normal'; readonly deviation: number };

/** A named, owned part of θ; its shape is without the replica axis. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
  readonly owner: Owner;
  /** False for biases and norms, which weight decay spares. */
  readonly decays: boolean;
}

/** Rows that a model takes from a parameter. */
export interface Lookup {
  readonly parameter: Parameter;
  /** Integers of any shape: rows of the parameter as one table [rows, width] of all replicas and tasks. */
  readonly indices: Tensor;
  /** [...shape of the indices, width], what the layers go on with. */
  readonly picked: Tensor;
}

/** Collects the parameters that a model declares while it is built. */
export class ParameterSet {
  #declared = new Map<string, { parameter: Parameter; leaf: Tensor }>();
  #lookups: Lookup[] = [];
  #members: { readonly count: number; readonly isOwn: (parameter: Parameter) => boolean } | undefined;
  readonly #views = new Map<Tensor, Tensor>();

  readonly lead: readonly number[];
  /** Tasks that each look at what is shared through a view of their own; 0 where they do not. */
  readonly apart: number;

  /**
   * @param lead the replica axis: [S] for S seeds trained side by side, [] for one
   * @param apart how many tasks are told apart by views, where each owns a block of the rows
   */
  constructor(lead: readonly number[] = [], apart: number = 0) {
    this.lead = lead;
    this.apart = apart;
  }

  /** The same parameters, of which so many tasks see what is shared through views of their own. */
  apartFor(tasks: number): ParameterSet {
    if (tasks === this.apart) return this;
    const set = new ParameterSet(this.lead, tasks);
    set.#declared = this.#declared;
    return set;
  }

  /**
   * The same parameters with one more leading axis, for the members of an ensemble: of 1 for what they share.
   *
   * @param isOwn whether each member has a copy of its own
   */
  forMembers(members: number, isOwn: (parameter: Parameter) => boolean): ParameterSet {
    const set = new ParameterSet([...this.lead, 1]);
    set.#declared = this.#declared;
    set.#lookups = this.#lookups;
    set.#members = { count: members, isOwn };
    return set;
  }

  /** Axes of seeds trained side by side. */
  get replicas(): number {
    return this.lead.length - Number(this.#members !== undefined);
  }

  /** The leaf of a parameter; declared once, used anywhere. */
  declare(parameter: Parameter): Tensor {
    if (this.#members === undefined) return this.#leafOf(parameter);
    const { count, isOwn } = this.#members;
    return isOwn(parameter)
      ? membersFirst(this.#leafOf(memberCopies(parameter, count)), parameter, this.replicas)
      : reshape(this.#leafOf(parameter), [...this.lead, ...parameter.shape]);
  }

  #leafOf(parameter: Parameter): Tensor {
    const { name, shape } = parameter;
    const known = this.#declared.get(name);
    if (known !== undefined) return known.leaf;
    const leaf = input(name, [...this.lead.slice(0, this.replicas), ...shape], { role: 'state' });
    this.#declared.set(name, { parameter, leaf });
    return leaf;
  }

  /** Rows of a parameter by index; kept as a lookup, because training may do without the rest of the table. */
  lookup(parameter: Parameter, indices: Tensor): Tensor {
    const leaf = this.declare(parameter);
    const width = parameter.shape.at(-1)!;
    const rows = (leaf.shape as number[]).reduce((a, b) => a * b, 1) / width;
    const picked = gather(reshape(leaf, [rows, width]), indices, 0);
    this.#lookups.push({ parameter, indices, picked });
    return picked;
  }

  /**
   * A shared parameter once for each task, [...lead, tasks, ...shape]: the gradient by this view holds each task's own,
   * at the cost of one.
   */
  viewOf(leaf: Tensor): Tensor {
    const known = this.#views.get(leaf);
    if (known !== undefined) return known;
    const shape = leaf.shape.slice(this.lead.length);
    const one = reshape(leaf, [...this.lead, 1, ...shape]);
    const view = expand(one, [...this.lead, this.apart, ...shape]);
    this.#views.set(leaf, view);
    return view;
  }

  /** The views that were asked for, by their leaves. */
  get views(): ReadonlyMap<Tensor, Tensor> {
    return this.#views;
  }

  get lookups(): readonly Lookup[] {
    return this.#lookups;
  }

  get parameters(): Parameter[] {
    return [...this.#declared.values()].map(({ parameter }) => parameter);
  }

  get leaves(): Tensor[] {
    return [...this.#declared.values()].map(({ leaf }) => leaf);
  }
}

/**
 * Initial values of every parameter, a replica for each seed.
 *
 * A value depends on (seed, parameter, task, position) alone: a replica starts exactly as the run of its seed alone
 * would, and a task's own network as it would without the other tasks.
 */
export function initialise(
  parameters: readonly Parameter[],
  seeds: readonly number[],
): Record<string, TensorData> {
  const lead = seeds.length === 1 ? [] : [seeds.length];
  return Object.fromEntries(
    parameters.map((parameter) => {
      const size = parameter.shape.reduce((a, b) => a * b, 1);
      const data = new Float32Array(size * seeds.length);
      seeds.forEach((seed, s) => {
        fill(data.subarray(s * size, (s + 1) * size), parameter, seed);
      });
      return [parameter.name, tensorData(data, [...lead, ...parameter.shape])];
    }),
  );
}

function fill(out: Float32Array, { name, initialiser, owner }: Parameter, seed: number): void {
  if (initialiser.kind === 'zeros') return;
  if (initialiser.kind === 'ones') out.fill(1);
  else if (initialiser.kind === 'values') out.set(initialiser.values);
  else
    for (const { task, expert = task, count, at } of partsOf(owner, out.length)) {
      const draw = drawing(initialiser, new RandomStream(seed, `init/${name}/${expert}`));
      for (let i = 0; i < count; i++) out[at(i)] = draw(i);
    }
}

function drawing(
  initialiser: Extract<Initialiser, { kind: 'uniform' | 'normal' | 'signs' }>,
  stream: RandomStream,
): (i: number) => number {
  if (initialiser.kind === 'signs') return (i) => (stream.uniform(i) < 0.5 ? -1 : 1);
  if (initialiser.kind === 'normal') return (i) => stream.normal(i) * initialiser.deviation;
  const bound = Math.sqrt((initialiser.gain * 3) / initialiser.fanIn);
  return (i) => (2 * stream.uniform(i) - 1) * bound;
}

/** The elements of a parameter that one task or expert owns ('' for what no task does): the i-th stands at `at(i)`. */
export interface OwnedPart {
  readonly task: string;
  readonly expert?: string;
  readonly count: number;
  at(i: number): number;
}

/** Splits the `size` elements of a parameter by who owns them. */
export function partsOf(owner: Owner, size: number): OwnedPart[] {
  if (owner.kind === 'shared') return [{ task: '', count: size, at: (i) => i }];
  if (owner.kind === 'expert') {
    const count = size / owner.experts.length;
    return owner.experts.map((expert, e) => ({ task: '', expert, count, at: (i) => e * count + i }));
  }
  if (owner.kind === 'task') {
    const count = size / owner.tasks.length;
    return owner.tasks.map((task, t) => ({ task, count, at: (i) => t * count + i }));
  }
  const total = owner.columns.reduce((a, b) => a + b, 0);
  let start = 0;
  return owner.tasks.map((task, t) => {
    const [first, width] = [start, owner.columns[t]!];
    start += width;
    const at = (i: number): number => Math.floor(i / width) * total + first + (i % width);
    return { task, count: (size / total) * width, at };
  });
}

/** How many numbers θ holds: all, shared, each expert's, and each task's own. */
export interface ParameterCount {
  readonly total: number;
  readonly shared: number;
  readonly experts: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<string, number>>;
}

export function countParameters(parameters: readonly Parameter[]): ParameterCount {
  let shared = 0;
  let total = 0;
  const experts = new Map<string, number>();
  const tasks = new Map<string, number>();
  for (const { shape, owner } of parameters)
    for (const { task, expert, count } of partsOf(
      owner,
      shape.reduce((a, b) => a * b, 1),
    )) {
      total += count;
      if (expert !== undefined) experts.set(expert, (experts.get(expert) ?? 0) + count);
      else if (owner.kind === 'shared') shared += count;
      else tasks.set(task, (tasks.get(task) ?? 0) + count);
    }
  return { total, shared, experts: Object.fromEntries(experts), tasks: Object.fromEntries(tasks) };
}
