import type { GradientLook, GradientRecorder, ObservedPoint } from '../optimization/index.ts';
import type { AffinityJSON } from './affinity.ts';
import {
  CosineAffinity,
  FirstOrderAffinity,
  LookAheadAffinity,
  type MeasuredAffinityJSON,
} from './grouping/index.ts';
import { MetGradients, type MetGradientsJSON, type MetGradientsState } from './met-gradients.ts';
import { RecentGradients } from './recent-gradients.ts';

/** How what tasks gain from each other is measured in a training. */
export type AffinityKind = 'first-order' | 'look-ahead';

/** How the tasks' gradients of the shared parameters met in a training, over all looks of its observer. */
export interface ObservedGradients {
  /** How often it looked. */
  readonly looks: number;
  /** Over all shared parameters. */
  readonly whole: MetGradientsJSON;
  /** Layer by layer, in the order of the model. */
  readonly layers: readonly (MetGradientsJSON & { readonly name: string })[];
  /** What each task gains from a step of each other, for a unit of learning rate. */
  readonly affinity: { readonly kind: AffinityKind; readonly values: AffinityJSON };
  /** The mean cosine of two tasks' gradients. */
  readonly cosine: AffinityJSON;
}

interface State {
  readonly tasks: readonly string[];
  readonly names: readonly string[];
  readonly kind: AffinityKind;
  readonly looks: number;
  readonly whole: MetGradientsState;
  readonly layers: readonly MetGradientsState[];
  readonly affinity: MeasuredAffinityJSON;
  readonly cosine: MeasuredAffinityJSON;
}

/** Running means of what an observer of gradients sees; plain JSON between two looks. */
export class ObservedGradientsRecorder implements GradientRecorder {
  readonly #kind: AffinityKind;
  readonly #names: readonly string[];
  readonly #tasks: readonly string[];
  readonly #whole: MetGradients;
  readonly #layers: readonly MetGradients[];
  readonly #affinity: FirstOrderAffinity | LookAheadAffinity;
  readonly #cosine: CosineAffinity;
  #recent: RecentGradients;
  #looks: number;

  /**
   * @param layers names of the layers
   * @param seen what `toJSON` gave, to go on from there
   */
  constructor(tasks: readonly string[], layers: readonly string[], kind: AffinityKind, seen?: unknown) {
    const state = seen as State | undefined;
    this.#tasks = tasks;
    this.#names = layers;
    this.#kind = kind;
    this.#looks = state?.looks ?? 0;
    this.#recent = new RecentGradients(tasks.length, layers);
    this.#whole = new MetGradients(tasks.length, state?.whole);
    this.#layers = layers.map((_, i) => new MetGradients(tasks.length, state?.layers[i]));
    const Measured = kind === 'look-ahead' ? LookAheadAffinity : FirstOrderAffinity;
    this.#affinity = new Measured(tasks, state?.affinity);
    this.#cosine = new CosineAffinity(tasks, state?.cosine);
  }

  add({ compared, losses, gramians, ahead = [], rate }: GradientLook): void {
    this.#looks++;
    const whole = Float64Array.from(gramians[0]!, (_, i) =>
      gramians.reduce((sum, gramian) => sum + gramian[i]!, 0),
    );
    this.#whole.add(compared, whole);
    this.#recent.add(compared, whole, gramians);
    gramians.forEach((gramian, i) => {
      this.#layers[i]!.add(compared, gramian);
    });
    const spread = this.#amongAll(compared, whole);
    this.#cosine.add(spread);
    if (this.#affinity instanceof FirstOrderAffinity) this.#affinity.add(spread, losses);
    else for (const { source, losses: after } of ahead) this.#affinity.add(source, losses, after, rate);
  }

  told(): ObservedPoint | undefined {
    const told = this.#recent.told();
    this.#recent = new RecentGradients(this.#tasks.length, this.#names);
    return told;
  }

  /** The Gramian of some tasks as one of all, not a number where a task is none of them. */
  #amongAll(compared: readonly number[], gramian: ArrayLike<number>): Float64Array {
    const size = this.#tasks.length;
    const all = new Float64Array(size * size).fill(Number.NaN);
    compared.forEach((t, i) => {
      compared.forEach((u, j) => {
        all[t * size + u] = gramian[i * compared.length + j]!;
      });
    });
    return all;
  }

  toJSON(): State {
    return structuredClone({
      tasks: this.#tasks,
      names: this.#names,
      kind: this.#kind,
      looks: this.#looks,
      whole: this.#whole.toJSON(),
      layers: this.#layers.map((layer) => layer.toJSON()),
      affinity: this.#affinity.toJSON(),
      cosine: this.#cosine.toJSON(),
    });
  }

  /** What was found, by what `toJSON` gave. */
  static resultOf(seen: unknown): ObservedGradients {
    const { tasks, names, kind } = seen as State;
    return new ObservedGradientsRecorder(tasks, names, kind, seen).result();
  }

  result(): ObservedGradients {
    return {
      looks: this.#looks,
      whole: this.#whole.result(),
      layers: this.#layers.map((layer, i) => ({ name: this.#names[i]!, ...layer.result() })),
      affinity: { kind: this.#kind, values: this.#affinity.affinity().toJSON() },
      cosine: this.#cosine.affinity().toJSON(),
    };
  }
}
