import { RandomStream } from '../../common/random.ts';
import type { EvaluationPoint, ObservedPoint } from '../../optimization/index.ts';
import type { RunResult } from '../result.ts';

type Gradients = NonNullable<EvaluationPoint['gradients']>;

/**
 * The joint model with weights that move, and gradients that come to agree; its curve is stretched to a number of
 * evaluations. The second task has no labels at first, and the last evaluation but one found dependent gradients.
 */
export function withWeights(result: RunResult, evaluations: number = result.multi.curve.length): RunResult {
  const { multi, tasks, seeds } = result;
  const last = evaluations - 1;
  const curve = Array.from({ length: evaluations }, (_, i): EvaluationPoint => {
    const point = multi.curve[Math.floor((i / evaluations) * multi.curve.length)]!;
    return {
      ...point,
      epoch: i + 1,
      step: 90 * (i + 1),
      weights: seeds.map((_seed, s) =>
        tasks.map((_task, t) => 1 + 0.4 * Math.sin((7 * i) / last + t) + 0.05 * s),
      ),
      gradients: gradientsAt(i / last, tasks.length, i),
    };
  });
  return { ...result, multi: { ...multi, objective: 'uncertainty+cagrad', curve } };
}

/** The joint model with looks at its gradients before every second evaluation, in two layers of which the second disagrees. */
export function withLooks(result: RunResult): RunResult {
  const { multi, tasks } = result;
  const last = multi.curve.length - 1;
  const curve = multi.curve.map((point, i): EvaluationPoint => {
    if (i % 2 === 0) return point;
    const { norms, cosines, conflicts } = gradientsAt(i / last, tasks.length, i);
    const pairs = (change: number): ObservedPoint['whole'] =>
      cosines.map((row, t) =>
        row.slice(0, t).map((cosine) => cosine && Number((cosine + change).toFixed(3))),
      );
    return {
      ...point,
      observed: {
        looks: 2,
        norms: norms.map((norm) => Number(norm.toPrecision(4))),
        conflicts,
        whole: pairs(0),
        layers: { 'trunk/mlp/0': pairs(0.1), 'trunk/mlp/1': pairs(-0.3) },
      },
    };
  });
  return { ...result, multi: { ...multi, curve } };
}

/** @param time from 0 to 1 */
function gradientsAt(time: number, tasks: number, index: number): Gradients {
  const random = new RandomStream(6, `gradients/${index}`);
  const absent = (t: number): boolean => t === 1 && index === 0;
  const all = Array.from({ length: tasks }, (_, t) => t);
  const cosine = (t: number, u: number): number =>
    Math.tanh(0.8 * time - 0.5 + 0.3 * Math.cos(3 * t + 5 * u) + 0.1 * random.normal(t, u));
  return {
    norms: all.map((t) => (absent(t) ? 0 : 10 ** ((t % 7) / 3 - 1 - time) * (1 + 0.2 * random.uniform(t)))),
    cosines:
      tasks > 20
        ? []
        : all.map((t) =>
            all.map((u) =>
              absent(t) || absent(u) ? null : t === u ? 1 : cosine(Math.min(t, u), Math.max(t, u)),
            ),
          ),
    conflicts: 1 / (2 + 18 * time),
    similarity: tasks > 1 ? 0.3 + 0.3 * time : null,
    condition: time < 1 && time > 0.9 ? null : 3 + 40 * time,
  };
}
