/**
 * The synthetic tasks of J. Ma et al. (Modeling task relationships in multi-task learning with multi-gate
 * mixture-of-experts, KDD 2018): two regressions whose directions have the cosine p. Does a shared bottom suffer as p
 * falls, and does MMoE suffer less? Every seed draws a new problem; all models of a seed see the same rows, budget and
 * start, so that differences are paired.
 *
 *   node benchmarks/learning/mmoe-synthetic.mjs [SEEDS]
 *
 * Takes a minute or two a seed; what is in the results is kept, so that a stopped run goes on.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fit, regression } from '../../dist/index.mjs';
import { normals, paired } from './lib.mjs';

const output = resolve(import.meta.dirname, '../results/mmoe-synthetic.json');
const seeds = Number(process.argv[2] ?? 30);
const [DIMENSIONS, WAVES, ROWS] = [100, 5, 10_000];
const COSINES = [0.5, 0.9, 1];

/** About 14,900 parameters for the shared bottom and MMoE: widths as in the paper, towers of 8 units. */
const MODELS = {
  'shared-bottom': { sharing: 'shared-bottom', hidden: [127] },
  omoe: { sharing: 'omoe:experts=8,hidden=16', hidden: [16] },
  mmoe: { sharing: 'mmoe:experts=8,hidden=16', hidden: [16] },
};

/** y_k = w_k·x + Σ sin(α_i w_k·x + β_i) + ε, with unit vectors w₁, w₂ of cosine p; the first rows train. */
function problem(seed, p) {
  const draw = normals(seed);
  const unit = (v) => {
    const length = Math.hypot(...v);
    return v.map((value) => value / length);
  };
  const vector = () => Array.from({ length: DIMENSIONS }, draw);
  const u1 = unit(vector());
  const raw = vector();
  const along = raw.reduce((sum, value, i) => sum + value * u1[i], 0);
  const u2 = unit(raw.map((value, i) => value - along * u1[i]));
  const directions = [u1, u1.map((value, i) => p * value + Math.sqrt(1 - p * p) * u2[i])];
  const waves = Array.from({ length: WAVES }, () => [draw(), draw()]);
  const columns = Object.fromEntries(
    Array.from({ length: DIMENSIONS }, (_, d) => [`x${d}`, new Float64Array(ROWS)]),
  );
  const labels = [new Float64Array(ROWS), new Float64Array(ROWS)];
  for (let row = 0; row < ROWS; row++) {
    const x = vector();
    x.forEach((value, d) => {
      columns[`x${d}`][row] = value;
    });
    directions.forEach((w, k) => {
      const z = w.reduce((sum, value, d) => sum + value * x[d], 0);
      const signal = z + waves.reduce((sum, [alpha, beta]) => sum + Math.sin(alpha * z + beta), 0);
      labels[k][row] = signal + 0.1 * draw();
    });
  }
  const side = Array.from({ length: ROWS }, (_, row) =>
    row < 0.8 * ROWS ? 'train' : row < 0.9 * ROWS ? 'validation' : 'test',
  );
  return { ...columns, one: labels[0], two: labels[1], side };
}

/** Mean over both tasks of test MSE / label variance, 1 − R². */
async function learn(data, model, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'polytask-mmoe-'));
  try {
    const { result, model: trained } = await fit({
      data,
      tasks: { one: regression(), two: regression() },
      split: { column: 'side' },
      model: { ...MODELS[model], tower: [8], dropout: 0 },
      training: {
        batchSize: 128,
        epochsPerEvaluation: 4,
        maxEpochs: 96,
        patience: 24,
        optimiser: { kind: 'adam' },
        schedule: { kind: 'constant' },
      },
      seeds: 1,
      seed,
      baseline: false,
      out: join(folder, 'run'),
    });
    await trained.close();
    const errors = result.multi.allMetrics.map(({ r2 }) => 1 - r2);
    return { error: (errors[0] + errors[1]) / 2, parameters: result.multi.parameters.total };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const known = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : {};
const errors =
  known.errors ??
  Object.fromEntries(
    COSINES.map((p) => [p, Object.fromEntries(Object.keys(MODELS).map((name) => [name, []]))]),
  );
const parameters = known.parameters ?? {};

const difference = (a, b) => paired(a.map((value, i) => value - b[i]));
const bottom = (p) => errors[p]['shared-bottom'];
const report = () =>
  `${JSON.stringify(
    {
      about:
        'test MSE / label variance, mean of two tasks; differences paired over seeds with 95 % intervals',
      node: process.version,
      cpu: cpus()[0].model,
      cores: availableParallelism(),
      seeds: bottom(1).length,
      parameters,
      mean: Object.fromEntries(
        COSINES.map((p) => [
          p,
          Object.fromEntries(Object.entries(errors[p]).map(([name, all]) => [name, paired(all)])),
        ]),
      ),
      'shared-bottom at p=0.5 less at p=1': difference(bottom(0.5), bottom(1)),
      'mmoe at p=0.5 less at p=1': difference(errors[0.5].mmoe, errors[1].mmoe),
      'the gap of shared-bottom less that of mmoe': paired(
        bottom(0.5).map((value, i) => value - bottom(1)[i] - (errors[0.5].mmoe[i] - errors[1].mmoe[i])),
      ),
      'shared-bottom less mmoe': Object.fromEntries(
        COSINES.map((p) => [p, difference(bottom(p), errors[p].mmoe)]),
      ),
      errors,
    },
    null,
    2,
  )}\n`;

for (let seed = 0; seed < seeds; seed++) {
  for (const p of COSINES) {
    const missing = Object.keys(MODELS).filter((name) => errors[p][name][seed] === undefined);
    if (missing.length === 0) continue;
    const data = problem(seed, p);
    for (const name of missing) {
      const found = await learn(data, name, seed);
      errors[p][name][seed] = Number(found.error.toPrecision(6));
      parameters[name] = found.parameters;
    }
    console.log(
      seed,
      p,
      Object.keys(MODELS)
        .map((name) => errors[p][name][seed].toFixed(4))
        .join(' '),
    );
  }
  writeFileSync(output, report());
}
