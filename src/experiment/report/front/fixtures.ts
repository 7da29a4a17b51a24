import { RandomStream } from '../../../common/random.ts';
import { preferenceLattice } from '../../../diagnosis/index.ts';
import { concludeFront, type PointRecord } from '../../front/conclude.ts';
import type { FrontResult, FrontTask } from '../../front/result.ts';

export interface FakeFront {
  readonly tasks: readonly string[];
  readonly seeds?: number;
  /** How many preferences, at least. */
  readonly preferences?: number;
  /** Tasks whose metrics are undefined at the first preference. */
  readonly missing?: readonly string[];
}

/** A front from a few names, the same at every call: what matters more is learned better, up to some noise. */
export function fakeFront({
  tasks: names,
  seeds = 3,
  preferences = 5,
  missing = [],
}: FakeFront): FrontResult {
  const random = new RandomStream(7, 'front');
  const tasks = names.map((name, t): FrontTask => {
    const side = {
      metric: t % 2 === 0 ? 'auc' : 'rmse',
      higherIsBetter: t % 2 === 0,
      constant: t % 2 === 0 ? 0.5 : 1800,
      labelled: 400,
    };
    return { name, kind: t % 2 === 0 ? 'binary' : 'regression', validation: side, test: side };
  });
  const records = preferenceLattice(names.length, preferences).map((preference, i): PointRecord => {
    const side = (shift: number): (number | null)[][] =>
      Array.from({ length: seeds }, (_, s) =>
        tasks.map(({ name, validation }, t) => {
          if (i === 0 && missing.includes(name)) return null;
          const noise = 0.02 * random.normal(1000 * i + 40 * s + shift, t);
          const gain = 0.7 - 0.5 * (1 - preference[t]!) ** 3 + noise;
          return validation.higherIsBetter ? 0.5 + 0.5 * gain : 1800 * (1 - gain);
        }),
      );
    const model = `/home/ada/runs/trade/models/${i + 1}`;
    return {
      preference,
      validation: side(0),
      test: side(17),
      steps: 600 + i,
      trainSeconds: 2.5,
      model,
      seed: 0,
    };
  });
  return {
    version: 1,
    polytask: '0.1.0',
    created: '2026-03-14T09:26:53.000Z',
    run: '/home/ada/runs/trade',
    objective: 'stch',
    sharing: 'shared-bottom',
    seeds: Array.from({ length: seeds }, (_, s) => s),
    data: {
      source: '/home/ada/data/census.csv',
      fingerprint: 'c0ffee',
      rows: { train: 7000, validation: 1500, test: 1500 },
      warnings: [],
    },
    tasks,
    ...concludeFront(tasks, records),
    machine: { runtime: 'native', cores: 2, node: 'v22.0.0' },
    report: '/home/ada/runs/trade/front.html',
  };
}

const HOSTILE = '</title><script>alert(1)</script>"\'&\u0000\u001b[31m';

export const FRONTS: Readonly<Record<string, () => FrontResult>> = {
  two: () => fakeFront({ tasks: ['clicked', 'watch_seconds'] }),
  fifty: () => fakeFront({ tasks: ['clicked', 'watch_seconds'], preferences: 50, seeds: 2 }),
  oneSeed: () => fakeFront({ tasks: ['clicked', 'watch_seconds'], preferences: 2, seeds: 1 }),
  three: () => fakeFront({ tasks: ['clicked', 'watch_seconds', 'shared'] }),
  nine: () => fakeFront({ tasks: Array.from({ length: 9 }, (_, t) => `a task whose name goes on ${t + 1}`) }),
  thirty: () => fakeFront({ tasks: Array.from({ length: 30 }, (_, t) => `school ${t + 1}`), seeds: 1 }),
  gaps: () => fakeFront({ tasks: ['clicked', 'watch_seconds'], missing: ['clicked'] }),
  nothing: () => fakeFront({ tasks: ['clicked', 'shared'], preferences: 2, missing: ['shared', 'clicked'] }),
  hostile: () => ({ ...fakeFront({ tasks: [`a${HOSTILE}`, `b${HOSTILE}`] }), run: `/runs/${HOSTILE}` }),
};
