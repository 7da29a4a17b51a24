import type { GradientLook, GradientRecorder } from '../../../src/optimization/index.ts';

/** How the tasks' gradients of all shared parameters met. */
export interface Met {
  /** [task] */
  readonly norms: readonly number[];
  /** [task][task]; null where a gradient is 0. */
  readonly cosines: readonly (readonly (number | null)[])[];
}

/** Remembers the last look alone: curves are kept by whoever asked. */
export class LastLook implements GradientRecorder {
  #last: Met | undefined;

  add({ gramians, compared }: GradientLook): void {
    const count = compared.length;
    const all = Float64Array.from({ length: count * count }, (_, i) =>
      gramians.reduce((sum, gramian) => sum + gramian[i]!, 0),
    );
    const norms = compared.map((_, t) => Math.sqrt(Math.max(0, all[t * count + t]!)));
    const cosines = norms.map((a, t) =>
      norms.map((b, u) => (a > 0 && b > 0 ? Math.min(1, Math.max(-1, all[t * count + u]! / (a * b))) : null)),
    );
    this.#last = { norms, cosines };
  }

  toJSON(): Met | undefined {
    return this.#last;
  }
}
