/** A point of the plane. */
export type Point = readonly [number, number];

/** Two losses at a point and their gradients. */
export interface ToyPoint {
  readonly losses: Float64Array;
  readonly gradients: readonly [Point, Point];
}

/** The five starts of the published comparisons. */
export const TOY_STARTS: Readonly<Record<'A' | 'B' | 'C' | 'D' | 'E', Point>> = {
  A: [-8.5, 7.5],
  B: [0, 0],
  C: [9, 9],
  D: [-7.5, -0.5],
  E: [9, -1],
};

/** Where no loss falls without the other rising: x₁ from −7 to 7 at this x₂, and the best mean at x₁ = 0. */
export const TOY_PARETO: { readonly from: number; readonly to: number; readonly at: number } = {
  from: -7,
  to: 7,
  at: -8.3552,
};

/**
 * Two tasks in the plane whose losses conflict, differ in scale and have narrow valleys, on which methods of multi-task
 * learning part ways.
 *
 * f₁ = ln max(|½(−x₁−7) − tanh(−x₂)|, ε) + 6, f₂ = ln max(|½(−x₁+3) + tanh(−x₂) + 2|, ε) + 6, ε = 5e-6,
 * q₁, q₂ = ((∓x₁ ± 7)² + 0.1(−x₂−8)²)/10 − 20, c₁ = max(tanh(x₂/2), 0), c₂ = max(tanh(−x₂/2), 0);
 * L₁ = s (f₁c₁ + q₁c₂), L₂ = f₂c₁ + q₂c₂.
 *
 * The slope of max(·, m) at m itself is 1: otherwise both losses are flat at (0, 0), one of the starts.
 *
 * B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu: Conflict-averse gradient descent for multi-task learning. NeurIPS 2021.
 *
 * @param scale s, of the first loss
 */
export function toy([x, y]: Point, scale: number = 1): ToyPoint {
  const bend = Math.tanh(-y);
  // dtanh(−y)/dy
  const bending = bend * bend - 1;
  const [f1, f1x, f1y] = valley((-x - 7) / 2 - bend, -0.5, -bending);
  const [f2, f2x, f2y] = valley((-x + 3) / 2 + bend + 2, -0.5, bending);
  const half = Math.tanh(y / 2);
  const steep = (1 - half * half) / 2;
  const [c1, c1y] = half >= 0 ? [half, steep] : [0, 0];
  const [c2, c2y] = half <= 0 ? [-half, -steep] : [0, 0];
  const bowl = (0.1 * (y + 8) ** 2) / 10 - 20;
  const [q1, q2] = [(7 - x) ** 2 / 10 + bowl, (x + 7) ** 2 / 10 + bowl];
  const qy = (0.2 * (y + 8)) / 10;
  return {
    losses: Float64Array.of(scale * (f1 * c1 + q1 * c2), f2 * c1 + q2 * c2),
    gradients: [
      [scale * (f1x * c1 + ((x - 7) / 5) * c2), scale * (f1y * c1 + f1 * c1y + qy * c2 + q1 * c2y)],
      [f2x * c1 + ((x + 7) / 5) * c2, f2y * c1 + f2 * c1y + qy * c2 + q2 * c2y],
    ],
  };
}

/** ln max(|u|, ε) + 6 and its slopes, from those of u. */
function valley(u: number, ux: number, uy: number): readonly [number, number, number] {
  const size = Math.abs(u);
  if (size < EPSILON) return [Math.log(EPSILON) + 6, 0, 0];
  return [Math.log(size) + 6, ux / u, uy / u];
}

const EPSILON = 5e-6;
