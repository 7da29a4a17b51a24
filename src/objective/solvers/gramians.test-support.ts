import fc from 'fast-check';
import { RandomStream } from '../../common/random.ts';
import { diagonal, dot, rescaled, unitScales } from './index.ts';

/** Gradients of up to 60 tasks, at any scale: independent, dependent and nearly so, in agreement and about to cancel. */
export interface DrawnGradients {
  readonly seed: number;
  readonly tasks: number;
  /** Dimensions that gradients have in common, beside noise. */
  readonly rank: number;
  /** Of the noise, in powers of ten. */
  readonly noise: number;
  /** How much of the mean is taken out; with all of it gradients cancel. */
  readonly centred: number;
  /** A power of ten. */
  readonly scale: number;
}

export const drawnGradients: fc.Arbitrary<DrawnGradients> = fc.record({
  seed: fc.integer({ min: 0, max: 100_000 }),
  tasks: fc.integer({ min: 1, max: 60 }),
  rank: fc.integer({ min: 1, max: 90 }),
  noise: fc.constantFrom(0, -1, -3, -6, -9, Number.NEGATIVE_INFINITY),
  centred: fc.constantFrom(0, 0, 0.5, 0.999),
  scale: fc.integer({ min: -10, max: 15 }),
});

export const from = (size: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => value(i));

export function gramianOf({ seed, tasks, rank, noise, centred, scale }: DrawnGradients): Float64Array {
  const random = new RandomStream(seed, 'gradients');
  const size = rank + tasks;
  const rows = Array.from({ length: tasks }, (_, t) =>
    from(
      size,
      (k) => 10 ** scale * (k < rank ? 1 : k - rank === t ? 10 ** noise : 0) * random.normal(t * size + k),
    ),
  );
  const mean = from(size, (k) => rows.reduce((sum, row) => sum + row[k]! / tasks, 0));
  const gradients = rows.map((row) => row.map((value, k) => value - centred * mean[k]!));
  return from(tasks * tasks, (k) => dot(gradients[Math.floor(k / tasks)]!, gradients[k % tasks]!));
}

export const cosinesOf = (gramian: Float64Array, size: number): Float64Array =>
  rescaled(gramian, unitScales(gramian, size));
export const longest = (gramian: Float64Array, size: number): number =>
  Math.sqrt(Math.max(...diagonal(gramian, size)));
