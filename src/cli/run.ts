import type { FitHooks, RunResult } from '../experiment/index.ts';
import type { Io } from './io.ts';
import { Progress } from './progress.ts';
import { interruptible } from './signals.ts';
import { summarise } from './summary.ts';

export interface RunOptions {
  readonly timeLimit?: number | undefined;
  /** The run's folder, where it is there already. */
  readonly folder?: string;
}

/** Runs a fit with progress, Ctrl-C and the verdict at its end. */
export async function carryOut(
  io: Io,
  options: RunOptions,
  start: (hooks: Pick<FitHooks, 'signal' | 'onEvent'>) => Promise<RunResult>,
): Promise<undefined> {
  const progress = new Progress(io, options.timeLimit);
  const result = await interruptible(io, async ({ signal, begun }) => {
    if (options.folder !== undefined) begun(options.folder);
    try {
      return await start({
        signal,
        onEvent: (event) => {
          if (event.phase === 'prepared') begun(event.run);
          progress.handle(event);
        },
      });
    } finally {
      progress.end();
    }
  });
  if (!io.json) {
    const { renderVerdict } = await import('../experiment/report/terminal.ts');
    io.print(renderVerdict(result, { colour: io.colour, width: io.width }));
  }
  io.answer(summarise(result));
  return undefined;
}
