import { stat } from 'node:fs/promises';
import { PolytaskError } from '../common/error.ts';
import type { Studio } from '../studio/index.ts';
import { EXIT } from './exit.ts';
import type { Io } from './io.ts';

/** The studio over a folder, at its own port or, where that is taken, at any that is free. */
export async function openAnyStudio(folder: string): Promise<Studio> {
  const { openStudio } = await import('../studio/index.ts');
  return openStudio(folder).catch((error: unknown) => {
    if (error instanceof PolytaskError && error.code === 'address-unavailable')
      return openStudio(folder, { port: 0 });
    throw error;
  });
}

/** Keeps the studio open until Ctrl-C. */
export async function untilClosed(io: Io, studio: Studio): Promise<number> {
  io.note('  close the studio with Ctrl-C');
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await studio.close();
  return EXIT.ok;
}

/** Where runs are by default, or here where there are none yet. */
export async function defaultRuns(): Promise<string> {
  const info = await stat('runs').catch(() => undefined);
  return info?.isDirectory() ? 'runs' : '.';
}
