import type { ParameterLayout } from '../../../src/engine/optimiser/index.ts';
import type { Parameter } from '../../../src/model/index.ts';

/** A part of θ: how many numbers it has, and their root mean square. */
export interface PartOfTheta {
  /** `shared`, `experts`, or the name of a task. */
  readonly name: string;
  readonly size: number;
  readonly rms: number;
}

/** θ by who owns it: what all share, experts, and each task. */
export function partsOfTheta(
  theta: Float32Array,
  layout: ParameterLayout,
  parameters: readonly Parameter[],
): PartOfTheta[] {
  const sums = new Map<string, { size: number; squares: number }>();
  const add = (name: string, value: number): void => {
    const part = sums.get(name) ?? { size: 0, squares: 0 };
    sums.set(name, part);
    part.size++;
    part.squares += value * value;
  };
  for (const { name, owner, shape } of parameters) {
    const { start, end } = layout.slice(name);
    for (let i = start; i < end; i++) add(ownerOf(owner, i - start, end - start, shape.at(-1)!), theta[i]!);
  }
  return [...sums].map(([name, { size, squares }]) => ({ name, size, rms: Math.sqrt(squares / size) }));
}

function ownerOf(owner: Parameter['owner'], at: number, size: number, width: number): string {
  switch (owner.kind) {
    case 'shared':
      return 'shared';
    case 'expert':
      return 'experts';
    case 'task':
      return owner.tasks[Math.floor((at * owner.tasks.length) / size)]!;
    case 'task-columns': {
      let column = at % width;
      const t = owner.columns.findIndex((columns) => {
        if (column < columns) return true;
        column -= columns;
        return false;
      });
      return owner.tasks[t]!;
    }
  }
}
