import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { FrontResult } from '../front/result.ts';
import type { RunResult } from '../result.ts';
import type { Comparison } from './comparison.ts';

/** What all runs of a comparison are about. */
export type Facts = Pick<Comparison, 'data' | 'tasks'>;

/** Of a run of `fit`. */
export function factsOf({ data, tasks, folds }: RunResult): Facts {
  const { source, fingerprint, rows } = data;
  return {
    data: { source, fingerprint, rows, ...(folds && { folds: folds.length }) },
    tasks: tasks.map(({ task: { name, kind }, metric, higherIsBetter }) => ({
      name,
      kind,
      metric,
      higherIsBetter,
    })),
  };
}

/** Of a front, whose points are models of the same rows. */
export function factsOfFront({ data, tasks }: FrontResult): Facts {
  const { source, fingerprint, rows } = data;
  return {
    data: { source, fingerprint, rows },
    tasks: tasks.map(({ name, kind, test: { metric, higherIsBetter } }) => ({
      name,
      kind,
      metric,
      higherIsBetter,
    })),
  };
}

/** What runs must have in common to stand side by side, in words. */
export type CommonGround = Readonly<Record<'data' | 'tasks' | 'folds' | 'split', string>>;

export const groundOf = (result: RunResult): CommonGround => ground(factsOf(result), result.data.split);
export const groundOfFront = (front: FrontResult): CommonGround =>
  ground(factsOfFront(front), front.data.split);

/** A short name of the ground: runs may stand side by side where it is the same. */
export function groundKey({ data, tasks, folds, split }: CommonGround): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([data, tasks, folds, split])))).slice(0, 16);
}

function ground({ data, tasks }: Facts, split: string = 'unknown'): CommonGround {
  const { fingerprint, rows, folds = 'no' } = data;
  return {
    data: fingerprint,
    tasks: tasks.map(({ name, kind, metric }) => `${name} (${kind}, ${metric})`).join(', '),
    folds: `${folds} folds`,
    split: `${rows.train} + ${rows.validation} + ${rows.test} rows, ${split}`,
  };
}
