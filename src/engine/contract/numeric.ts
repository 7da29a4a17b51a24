import { expect } from 'vitest';
import { gradient } from '../gradient.ts';
import { constant } from '../leaf.ts';
import { add, mul, reduceSum } from '../operators/index.ts';
import { sizeOf, type Tensor } from '../tensor.ts';
import { numbers, type TensorData, tensorData } from '../tensor-data.ts';
import { draw } from './instance.ts';
import { optimised, withSession } from './runtimes.ts';

/** A scalar function with its claimed gradient. */
export interface Claim {
  readonly label: string;
  readonly loss: Tensor;
  readonly gradients: readonly Tensor[];
  /** The inputs and the names under which they are fed, in the order of the gradients. */
  readonly inputs: readonly { readonly name: string; readonly tensor: Tensor }[];
}

const STEP = 1e-5;
const TOLERANCE = 1e-6;
/** Up to so many elements each is also tried on its own. */
const SMALL = 40;

/** The derivative of a claim's gradient along a fixed direction, as another claim. */
export function secondOrder(claim: Claim): Claim {
  const wrt = claim.inputs.map(({ tensor }) => tensor);
  const along = claim.gradients
    .map((g, k) => {
      const shape = g.shape as readonly number[];
      const direction = constant(draw(`second ${k}`, shape), { shape, dtype: g.dtype });
      return reduceSum(mul(g, direction));
    })
    .reduce(add);
  return { ...claim, label: `${claim.label}, twice`, loss: along, gradients: gradient(along, wrt) };
}

/**
 * Central differences against claimed gradients, in double precision: first along a random direction, then element by
 * element. All claims are moved in the same runs.
 *
 * @param step how far: shorter where a function bends more, as a deep model does
 */
export async function checkGradients(
  claims: readonly Claim[],
  feeds: Readonly<Record<string, TensorData>>,
  step: number = STEP,
): Promise<void> {
  if (claims.length === 0) return;
  const directions = claims.map((claim, c) => directionsOf(claim, c));
  const longest = Math.max(0, ...directions.map((list) => list.length));
  const losses = Object.fromEntries(claims.map(({ loss }, c) => [`${c}`, loss]));
  const gradients = Object.fromEntries(
    claims.flatMap(({ gradients }, c) => gradients.map((g, k) => [`${c}/${k}`, g])),
  );
  const claimed = await withSession(optimised, gradients, (run) => run(feeds));
  await withSession(optimised, losses, async (run) => {
    for (let d = 0; d < longest; d++) {
      const moved = (sign: number): Record<string, TensorData> => {
        const result = { ...feeds };
        claims.forEach(({ inputs }, c) => {
          const direction = directions[c]![d];
          inputs.forEach(({ name }, k) => {
            if (direction !== undefined) result[name] = shift(feeds[name]!, direction[k]!, sign * step);
          });
        });
        return result;
      };
      const [up, down] = [await run(moved(1)), await run(moved(-1))];
      claims.forEach(({ label }, c) => {
        const direction = directions[c]![d];
        if (direction === undefined) return;
        const measured = (numbers(up[c]!)[0]! - numbers(down[c]!)[0]!) / (2 * step);
        const stated = direction.reduce(
          (total, part, k) => total + dot(numbers(claimed[`${c}/${k}`]!), part),
          0,
        );
        const scale = Math.max(Math.abs(measured), Math.abs(stated), 0.01);
        const error = Math.abs(measured - stated) / scale;
        if (!(error < TOLERANCE))
          expect.fail(
            `${label}: derivative along ${d === 0 ? 'a random direction' : `element ${d - 1}`} is ${stated}, ` +
              `central differences give ${measured} (relative error ${error.toExponential(1)})`,
          );
      });
    }
  });
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * b[i]!, 0);

function shift({ shape, dtype, data }: TensorData, by: readonly number[], step: number): TensorData {
  return tensorData(
    numbers({ shape, dtype, data }).map((value, i) => value + step * by[i]!),
    shape,
    dtype,
  );
}

/** Directions in the space of all inputs of a claim: a random one, then the unit vectors of a small one. */
function directionsOf({ gradients, label }: Claim, c: number): number[][][] {
  const shapes = gradients.map(({ shape }) => shape as readonly number[]);
  const random = shapes.map((shape, k) => draw(`${label} ${c} ${k}`, shape));
  const total = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  if (total > SMALL) return [random];
  const units: number[][][] = [];
  shapes.forEach((shape, k) => {
    for (let i = 0; i < sizeOf(shape); i++)
      units.push(
        shapes.map((other, l) => Array.from({ length: sizeOf(other) }, (_, j) => Number(l === k && i === j))),
      );
  });
  return [random, ...units];
}
