import type { SpecInput } from '../common/options.ts';
import { RandomStream } from '../common/random.ts';
import { chooseAggregation } from './aggregation/index.ts';
import { type Point, type ToyPoint, toy } from './toy.ts';

/** Weights of the two losses at a point; asked once a step. */
export type ToyRule = (at: ToyPoint, step: number) => ArrayLike<number>;

interface PathOptions {
  readonly steps: number;
  /** Of the first loss. */
  readonly scale?: number;
  readonly rate?: number;
  /** Is told every point before its step; true ends the path. */
  readonly visit?: (point: Point, step: number) => boolean;
}

/** Follows d = w₁g₁ + w₂g₂ with Adam, and says where it ends. */
export function followToy(start: Point, rule: ToyRule, options: PathOptions): Point {
  const { steps, scale = 1, rate = 1e-3, visit } = options;
  const adam = new Adam(rate, [0, 0]);
  let point = start;
  for (let step = 0; step < steps; step++) {
    if (visit?.(point, step)) break;
    const at = toy(point, scale);
    const weights = rule(at, step);
    const [a, b] = [weights[0]!, weights[1]!];
    const [[ax, ay], [bx, by]] = at.gradients;
    point = adam.step(point, [a * ax + b * bx, a * ay + b * by]);
  }
  return point;
}

/** The rule of an aggregation: "cagrad:c=0.5". */
export function aggregationRule(spec: SpecInput): ToyRule {
  const { aggregation, options } = chooseAggregation(spec);
  const random = new RandomStream(0, 'toy');
  const present = [true, true];
  const names = ['a', 'b'];
  let state = aggregation.init(2, options);
  return ({ losses, gradients: [[ax, ay], [bx, by]] }, step) => {
    const across = ax * bx + ay * by;
    const gramian = Float64Array.of(ax * ax + ay * ay, across, across, bx * bx + by * by);
    const found = aggregation.step({ names, gramian, losses, present, step, random }, state, options);
    state = found.state;
    return found.weights;
  };
}

/**
 * FAMO, as plain numbers: with D = L − least + 1e-8 and z = softmax(w) the direction is Σ (zₜ/Dₜ) gₜ / Σ (z/D), and after
 * the step w follows, by Adam, what each ln D has fallen: ∇ = (∂z/∂w)ᵀ (ln D − ln D′) + γw.
 *
 * B. Liu, Y. Feng, P. Stone, Q. Liu: FAMO: fast adaptive multitask optimization. NeurIPS 2023.
 *
 * @param least a bound below each loss
 */
export function famoRule(
  least: Point,
  { decay = 0, rate = 0.025 }: { readonly decay?: number; readonly rate?: number } = {},
): ToyRule {
  const adam = new Adam(rate, [0, 0]);
  let logits: Point = [0, 0];
  let before: Point | undefined;
  return ({ losses }) => {
    const [a, b] = [losses[0]! - least[0] + 1e-8, losses[1]! - least[1] + 1e-8];
    if (before !== undefined) {
      const z = share(logits);
      const [fallA, fallB] = [Math.log(before[0] / a), Math.log(before[1] / b)];
      const slope = z * (1 - z) * (fallA - fallB);
      logits = adam.step(logits, [slope + decay * logits[0], -slope + decay * logits[1]]);
    }
    before = [a, b];
    const z = share(logits);
    const total = z / a + (1 - z) / b;
    return [z / a / total, (1 - z) / b / total];
  };
}

/** The first of a softmax of two. */
function share([a, b]: Point): number {
  return 1 / (1 + Math.exp(b - a));
}

/**
 * Adam in the plane: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², x ← x − η m̂/(√v̂ + ε).
 *
 * D. Kingma, J. Ba: Adam: a method for stochastic optimization. ICLR 2015.
 */
class Adam {
  readonly #rate: number;
  #mean: Point;
  #square: Point;
  #first = 1;
  #second = 1;

  constructor(rate: number, zero: Point) {
    this.#rate = rate;
    this.#mean = zero;
    this.#square = zero;
  }

  step([x, y]: Point, [gx, gy]: Point): Point {
    this.#first *= 0.9;
    this.#second *= 0.999;
    const [mx, my] = (this.#mean = [0.9 * this.#mean[0] + 0.1 * gx, 0.9 * this.#mean[1] + 0.1 * gy]);
    const [vx, vy] = (this.#square = [
      0.999 * this.#square[0] + 0.001 * gx * gx,
      0.999 * this.#square[1] + 0.001 * gy * gy,
    ]);
    return [x - this.#moved(mx, vx), y - this.#moved(my, vy)];
  }

  #moved(mean: number, square: number): number {
    return (this.#rate * (mean / (1 - this.#first))) / (Math.sqrt(square / (1 - this.#second)) + 1e-8);
  }
}
