import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { FrontResult } from '../front/result.ts';
import type { RunResult } from '../result.ts';

/** What runs must have in common to stand side by side, in words. */
export type CommonGround = Readonly<Record<'data' | 'tasks' | 'folds' | 'split', string>>;

/** Of a run of `fit`. */
export function groundOf({ data, tasks, folds }: RunResult): CommonGround {
  return ground(
    data,
    tasks.map(({ task: { name, kind }, metric }) => ({ name, kind, metric })),
    folds?.length,
  );
}

/** Of a front, whose points are models of the same rows. */
export function groundOfFront({ data, tasks }: FrontResult): CommonGround {
  return ground(
    data,
    tasks.map(({ name, kind, test }) => ({ name, kind, metric: test.metric })),
  );
}

/** A short name of the ground: runs may stand side by side where it is the same. */
export function groundKey(common: CommonGround): string {
  const { data, tasks, folds, split } = common;
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([data, tasks, folds, split])))).slice(0, 16);
}

interface GroundTask {
  readonly name: string;
  readonly kind: string;
  readonly metric: string;
}

function ground(
  { fingerprint, rows, split = 'unknown' }: Pick<RunResult['data'], 'fingerprint' | 'rows' | 'split'>,
  tasks: readonly GroundTask[],
  folds?: number,
): CommonGround {
  return {
    data: fingerprint,
    tasks: tasks.map(({ name, kind, metric }) => `${name} (${kind}, ${metric})`).join(', '),
    folds: `${folds ?? 'no'} folds`,
    split: `${rows.train} + ${rows.validation} + ${rows.test} rows, ${split}`,
  };
}
