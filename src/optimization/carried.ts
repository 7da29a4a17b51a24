import { input, type Tensor } from '../engine/index.ts';

/** The name of the packed parameters among the states of a step. */
export const THETA = 'theta';

/** A value that a step carries beside θ: how it starts, and what follows it. */
export interface Carried {
  readonly name: string;
  /** Without the replica axis. */
  readonly shape: readonly number[];
  readonly leaf: Tensor;
  /** Of one replica; all start alike. */
  readonly initial: readonly number[];
  next: Tensor;
}

/** Numbers that the host draws anew at each step for each replica. */
export interface Noise {
  readonly name: string;
  readonly size: number;
}

/** Collects what a part of the objective asks for while the step is built. */
export class StepExtras {
  readonly carried: Carried[] = [];
  readonly noises: Noise[] = [];
  readonly #lead: readonly number[];
  readonly #prefix: string;

  constructor(prefix: string, lead: readonly number[]) {
    this.#prefix = prefix;
    this.#lead = lead;
  }

  carry(name: string, initial: readonly number[], shape: readonly number[] = [initial.length]): Carried {
    const full = `${this.#prefix}/${name}`;
    const leaf = input(full, [...this.#lead, ...shape], { role: 'state' });
    const carried = { name: full, shape, leaf, initial, next: leaf };
    this.carried.push(carried);
    return carried;
  }

  /** What follows a carried value. */
  follow(name: string, value: Tensor): void {
    this.carried.find((own) => own.name === `${this.#prefix}/${name}`)!.next = value;
  }

  noise(name: string, size: number): Tensor {
    const full = `${this.#prefix}/noise/${name}`;
    this.noises.push({ name: full, size });
    return input(full, [...this.#lead, size], { role: 'step' });
  }
}
