import { RandomStream } from '../../common/random.ts';
import type { EvaluationPoint } from '../../optimization/index.ts';
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
