import { RandomStream } from '../common/random.ts';
import { input, type Tensor, type TensorData, tensorData } from '../engine/index.ts';

/** Who a parameter belongs to: θ splits into the shared part and one part a task. */
export type Owner =
  | { readonly kind: 'shared' }
  /** Slice t along axis 0 belongs to tasks[t]. */
  | { readonly kind: 'task'; readonly tasks: readonly string[] }
  /** Columns of the last axis belong to tasks, `columns[t]` of them to tasks[t]. */
  | { readonly kind: 'task-columns'; readonly tasks: readonly string[]; readonly columns: readonly number[] };

export const SHARED: Owner = { kind: 'shared' };

/** How a parameter starts; `fanIn` counts the inputs of one unit. */
export type Initialiser =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
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

/** Collects the parameters that a model declares while it is built. */
export class ParameterSet {
  readonly #declared = new Map<string, { parameter: Parameter; leaf: Tensor }>();

  readonly lead: readonly number[];

  /** @param lead the replica axis: [S] for S seeds trained side by side, [] for one */
  constructor(lead: readonly number[] = []) {
    this.lead = lead;
  }

  /** The leaf of a parameter; declared once, used anywhere. */
  declare(parameter: Parameter): Tensor {
    const known = this.#declared.get(parameter.name);
    if (known !== undefined) return known.leaf;
    const leaf = input(parameter.name, [...this.lead, ...parameter.shape], { role: 'state' });
    this.#declared.set(parameter.name, { parameter, leaf });
    return leaf;
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
  else {
    const tasks = owner.kind === 'task' ? owner.tasks : [''];
    const size = out.length / tasks.length;
    tasks.forEach((task, t) => {
      const stream = new RandomStream(seed, `init/${name}/${task}`);
      const bound =
        initialiser.kind === 'uniform' ? Math.sqrt((initialiser.gain * 3) / initialiser.fanIn) : 0;
      for (let i = 0; i < size; i++)
        out[t * size + i] =
          initialiser.kind === 'uniform'
            ? (2 * stream.uniform(i) - 1) * bound
            : stream.normal(i) * initialiser.deviation;
    });
  }
}

/** How many numbers θ holds: all, shared, and each task's own. */
export interface ParameterCount {
  readonly total: number;
  readonly shared: number;
  readonly tasks: Readonly<Record<string, number>>;
}

export function countParameters(parameters: readonly Parameter[]): ParameterCount {
  let shared = 0;
  let total = 0;
  const tasks: Record<string, number> = {};
  const give = (task: string, count: number): void => {
    tasks[task] = (tasks[task] ?? 0) + count;
  };
  for (const { shape, owner } of parameters) {
    const size = shape.reduce((a, b) => a * b, 1);
    total += size;
    if (owner.kind === 'shared') shared += size;
    else if (owner.kind === 'task') for (const task of owner.tasks) give(task, size / owner.tasks.length);
    else {
      const width = owner.columns.reduce((a, b) => a + b, 0);
      owner.tasks.forEach((task, t) => {
        give(task, (size / width) * owner.columns[t]!);
      });
    }
  }
  return { total, shared, tasks };
}
