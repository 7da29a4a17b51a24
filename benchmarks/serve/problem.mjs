/** Rows as a census has them: six numbers, eight categories, two tasks; some cells are missing. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CATEGORIES = { work: 8, school: 16, family: 7, trade: 14, role: 6, origin: 5, sex: 2, country: 40 };

/** Numbers that look random and are the same every time (mulberry32). */
function uniforms(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function rowsOf(count, seed = 1) {
  const uniform = uniforms(seed);
  return Array.from({ length: count }, () => {
    const row = {
      age: 17 + Math.floor(73 * uniform()),
      weight: Math.round(1e4 + 1e6 * uniform() ** 2),
      years: 1 + Math.floor(16 * uniform()),
      gain: uniform() < 0.1 ? Math.round(1e4 * uniform()) : 0,
      loss: uniform() < 0.05 ? Math.round(2e3 * uniform()) : 0,
      rate: Math.round(1000 * uniform()) / 100,
    };
    for (const [name, size] of Object.entries(CATEGORIES))
      row[name] = uniform() < 0.03 ? null : `${name}-${Math.floor(size * uniform() ** 2)}`;
    return row;
  });
}

/** Rows with labels. */
export function labelledRows(count) {
  const uniform = uniforms(2);
  return rowsOf(count).map((row) => {
    const signal = row.age / 30 + row.years / 8 + (row.work === 'work-0' ? 1 : 0) + uniform();
    return { ...row, rich: signal > 3.2 ? 'yes' : 'no', hours: 20 + 8 * signal + 4 * uniform() };
  });
}

/** Trains a model with the settings that everybody gets, for a few epochs; returns its place. */
export async function trainModel({ fit }) {
  const { result, model } = await fit({
    data: labelledRows(8000),
    tasks: { rich: { kind: 'binary' }, hours: { kind: 'regression' } },
    out: join(mkdtempSync(join(tmpdir(), 'polytask-serve-')), 'census'),
    baseline: false,
    seeds: 1,
    training: { maxEpochs: 3 },
  });
  await model.close();
  return result.model;
}
