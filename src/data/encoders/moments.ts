/** What standardising needs, computed so that no square of a huge or tiny value over- or underflows. */
export interface Scaling {
  /** Values are divided by this first; 1 unless they are astronomically large or small. */
  readonly unit: number;
  readonly mean: number;
  readonly deviation: number;
}

export interface Moments extends Scaling {
  readonly count: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

/** Mean, deviation, skewness and kurtosis of the finite values; deviation is 1 where all are equal. */
export function moments(values: ArrayLike<number>): Moments {
  let largest = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    largest = Math.max(largest, Math.abs(values[i]!));
    count++;
  }
  const unit = largest > 1e60 || (largest > 0 && largest < 1e-60) ? largest : 1;
  if (count === 0) return { unit, mean: 0, deviation: 1, count, skewness: 0, kurtosis: 0 };
  let mean = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) mean += values[i]! / unit / count;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    const d = values[i]! / unit - mean;
    second += (d * d) / count;
    third += (d * d * d) / count;
    fourth += (d * d * d * d) / count;
  }
  const spread = Math.sqrt(second);
  // Rounding leaves a spread of a few ulps in a constant column.
  const flat = !(spread > Math.abs(mean) * 1e-12) || spread < 1e-150;
  return {
    unit,
    mean,
    deviation: flat ? 1 : spread,
    count,
    skewness: flat ? 0 : third / spread ** 3,
    kurtosis: flat ? 0 : fourth / spread ** 4,
  };
}

/** (x / unit − mean) / deviation, clipped; a missing value is the mean, 0. */
export function standardise(value: number, scaling: Scaling, clip: number): number {
  if (!Number.isFinite(value)) return 0;
  const z = (value / scaling.unit - scaling.mean) / scaling.deviation;
  return Math.max(-clip, Math.min(clip, z));
}

export function scalingOf({ unit, mean, deviation }: Scaling): Scaling {
  return { unit, mean, deviation };
}
