import { PolytaskError } from '../common/error.ts';
import type { Checkpoint } from '../optimization/index.ts';
import { readIfThere, writeAtomic } from './files.ts';

const MAGIC = 'PTCKPT01';

/**
 * A checkpoint as one file: magic, length of the header, header as JSON, then the arrays that it lists, little-endian.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { state, best, ...rest } = checkpoint;
  const arrays: [string, Float32Array][] = [...Object.entries(state), [BEST, best.theta]];
  const { theta: _, ...bestFacts } = best;
  const header = Buffer.from(
    JSON.stringify({
      ...rest,
      best: { ...bestFacts, scores: bestFacts.scores.map(encodeScore) },
      arrays: arrays.map(([name, { length }]) => ({ name, length })),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const bodies = arrays.map(([, data]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  await writeAtomic(path, Buffer.concat([Buffer.from(MAGIC), length, header, ...bodies]));
}

/** The array that holds the best θ; no state has this name. */
const BEST = ' best';

/** JSON has no −∞, which is the score of a unit that was never judged. */
const encodeScore = (score: number): number | null => (Number.isFinite(score) ? score : null);

/** Reads a checkpoint; undefined where there is none. @throws `run-folder` for a damaged file */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  try {
    return decode(bytes);
  } catch (cause) {
    throw new PolytaskError('run-folder', {
      path,
      expected: 'a checkpoint',
      found: `${bytes.length} bytes that are none`,
      help: 'Remove the file to train this model from the start.',
      cause,
    });
  }
}

function decode(bytes: Buffer): Checkpoint {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('not a checkpoint');
  const length = bytes.readUInt32LE(MAGIC.length);
  let at = MAGIC.length + 4 + length;
  const { arrays, best, ...rest } = JSON.parse(bytes.toString('utf8', MAGIC.length + 4, at));
  const state: Record<string, Float32Array> = {};
  for (const { name, length: count } of arrays as { name: string; length: number }[]) {
    if (at + 4 * count > bytes.length) throw new Error('cut short');
    // Copied, because the arrays of a file need not be aligned.
    state[name] = new Float32Array(new Uint8Array(bytes.subarray(at, at + 4 * count)).buffer);
    at += 4 * count;
  }
  const { [BEST]: theta, ...states } = state;
  const scores = (best.scores as (number | null)[]).map((score) => score ?? Number.NEGATIVE_INFINITY);
  return { ...rest, state: states, best: { ...best, scores, theta: theta! } };
}
