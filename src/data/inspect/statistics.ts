/** Ranks from 1, ties sharing their mean rank. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const out = new Float64Array(values.length);
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && values[order[end]!] === values[order[i]!]) end++;
    for (let k = i; k < end; k++) out[order[k]!] = (i + end + 1) / 2;
    i = end;
  }
  return out;
}

/** Pearson's correlation; 0 where one side is constant. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let mx = 0;
  let my = 0;
  for (let i = 0; i < n; i++) {
    mx += x[i]! / n;
    my += y[i]! / n;
  }
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - mx;
    const dy = y[i]! - my;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  const r = xy / Math.sqrt(xx * yy);
  return Number.isFinite(r) ? r : 0;
}

export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(ranks(x), ranks(y));
}

/** The probability that a positive row has the larger value (Mann–Whitney); 0.5 with one class. */
export function auc(values: ArrayLike<number>, positive: ArrayLike<boolean>): number {
  const rank = ranks(values);
  let positives = 0;
  let sum = 0;
  for (let i = 0; i < rank.length; i++) {
    if (!positive[i]) continue;
    positives++;
    sum += rank[i]!;
  }
  const negatives = rank.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
