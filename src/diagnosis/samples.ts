import { meanOf, relativeChange, relativeChanges } from './delta.ts';
import type { ScoredTask, Scores } from './transfer.ts';

/** Changes in per cent that were measured together: those of a seed, or the means of a fold. */
export interface Sample {
  /** By the primary metric, [task]. */
  readonly tasks: readonly (number | null)[];
  /** By every metric, [task][metric]. */
  readonly metrics: readonly (readonly (number | null)[])[];
}

/** [seed]; seeds are paired. */
export function perSeed(
  tasks: readonly ScoredTask[],
  { multi, independent }: { readonly multi: Scores; readonly independent: Scores },
): Sample[] {
  const directions = tasks.map(({ higherIsBetter }) => higherIsBetter);
  return relativeChanges(multi.test, independent.test, directions).map((primary, s) => {
    const all = tasks.map(({ directions }, t) => {
      const [own, other] = [multi.metrics?.[s]?.[t], independent.metrics?.[s]?.[t]];
      if (own === undefined || other === undefined || directions === undefined) return [primary[t]!];
      return Object.entries(directions).map(([name, higher]) =>
        relativeChange(own[name] ?? null, other[name] ?? null, higher),
      );
    });
    return { tasks: primary, metrics: all };
  });
}

export function meanSample(samples: readonly Sample[]): Sample {
  const first = samples[0]!;
  return {
    tasks: first.tasks.map((_, t) => meanOf(samples.map(({ tasks }) => tasks[t]!))),
    metrics: first.metrics.map((own, t) =>
      own.map((_, m) => meanOf(samples.map(({ metrics }) => metrics[t]![m]!))),
    ),
  };
}
