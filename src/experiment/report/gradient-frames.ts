import type { EvaluationPoint, ObservedPoint, PairCosines } from '../../optimization/index.ts';
import type { TrialResult } from '../result.ts';

/** Cosines of the tasks' gradients at one point in time, [task][task]; null where two never met, and of a task with itself. */
export interface Frame {
  /** The evaluation before which that was; absent of means over the whole run. */
  readonly step?: number;
  readonly cosines: readonly (readonly (number | null)[])[];
}

/** The frames of a layer, or of all that tasks share. */
export interface LayerFrames {
  readonly name: string;
  readonly frames: readonly Frame[];
}

/** The name of what all layers are together. */
export const ALL_LAYERS = 'all layers';

/**
 * The cosines of the tasks' gradients over time, of all layers together first, then layer by layer: what a slider over time and a
 * choice of layers go through. Where an aggregation compared gradients, all layers are as it did. A run whose curve does
 * not tell has the means over the whole run, one frame each.
 */
export function gradientFrames({ curve, observed }: Pick<TrialResult, 'curve' | 'observed'>): LayerFrames[] {
  const seen = curve.flatMap((point) =>
    point.observed ? [{ step: point.step, observed: point.observed }] : [],
  );
  const compared = comparedFrames(curve);
  const framesOf = (pairs: (own: ObservedPoint) => PairCosines | undefined): Frame[] =>
    seen.flatMap(({ step, observed: own }) => {
      const cosines = pairs(own) ?? [];
      return cosines.length > 1 ? [{ step, cosines: ofOthers(squareOf(cosines)) }] : [];
    });
  const names = [...new Set(seen.flatMap(({ observed: own }) => Object.keys(own.layers)))];
  const layers = [
    { name: ALL_LAYERS, frames: compared.length > 0 ? compared : framesOf(({ whole }) => whole) },
    ...names.map((name) => ({ name, frames: framesOf((own) => own.layers[name]) })),
  ].filter(({ frames }) => frames.length > 0);
  if (layers.length > 0 || observed === undefined || observed.whole.cosines.length < 2) return layers;
  return [{ ...observed.whole, name: ALL_LAYERS }, ...observed.layers].map(({ name, cosines }) => ({
    name,
    frames: [{ cosines: ofOthers(cosines) }],
  }));
}

function comparedFrames(curve: readonly EvaluationPoint[]): Frame[] {
  return curve.flatMap(({ step, gradients }) =>
    gradients && gradients.cosines.length > 1 ? [{ step, cosines: ofOthers(gradients.cosines) }] : [],
  );
}

/** Without the diagonal, whose ones would pale the rest. */
const ofOthers = (cosines: Frame['cosines']): Frame['cosines'] =>
  cosines.map((row, t) => row.map((cosine, u) => (t === u ? null : cosine)));

/** Cosines of pairs as a whole matrix; a task that met nobody has no 1 on its diagonal. */
export function squareOf(pairs: PairCosines): (number | null)[][] {
  const at = (t: number, u: number): number | null => pairs[Math.max(t, u)]![Math.min(t, u)] ?? null;
  return pairs.map((_row, t) =>
    pairs.map((_own, u) => {
      if (t !== u) return at(t, u);
      return pairs.some((_other, v) => v !== t && at(t, v) !== null) ? 1 : null;
    }),
  );
}
