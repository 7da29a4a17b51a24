import { PolytaskError } from '../common/error.ts';
import { EXIT, resumeHint, Stopped } from './exit.ts';
import { alertNow, type Io } from './io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What a command that can be stopped works with. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** From here on, a stopped run can be resumed from this folder. */
  begun(run: string): void;
}

/**
 * Runs work that Ctrl-C stops at the next chunk, with the last checkpoint intact; a second Ctrl-C ends at once.
 *
 * @throws Stopped once the work has been stopped
 */
export async function interruptible<T>(io: Io, work: (interruption: Interruption) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let run: string | undefined;
  const stop = (): void => {
    if (run === undefined || controller.signal.aborted) {
      alertNow(
        run === undefined
          ? 'Stopped before anything was saved.'
          : `Stopped at once. Go on with:\n  ${resumeHint(run)}`,
      );
      process.exit(EXIT.stopped);
    }
    if (!io.quiet) alertNow('\nStopping after this chunk; once more to stop at once.');
    controller.abort(new Error('stopped by a signal'));
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work({ signal: controller.signal, begun: (folder) => (run = folder) });
  } catch (error) {
    if (controller.signal.aborted && error instanceof PolytaskError && error.code === 'cancelled')
      throw new Stopped(run);
    throw error;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
