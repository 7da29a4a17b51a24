import { writeFile } from 'node:fs/promises';
import { PolytaskError } from '../../common/error.ts';
import type { Io } from '../io.ts';

/**
 * Writes a file that an option asked for, and says so.
 *
 * @throws `output-failed`
 */
export async function writeText(io: Io, path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: Error) => {
    throw new PolytaskError('output-failed', {
      path,
      expected: 'a file that can be written',
      found: cause.message,
      help: 'Check the path, its permissions and the disk.',
      cause,
    });
  });
  io.note(`wrote ${path}`);
}
