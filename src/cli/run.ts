import { dirname } from 'node:path';
import type { FitHooks, FrontHooks, FrontResult, RunResult } from '../experiment/index.ts';
import type { Studio } from '../studio/index.ts';
import { runId } from '../studio/run-id.ts';
import type { Io } from './io.ts';
import { openAnyStudio, untilClosed } from './open-studio.ts';
import { Progress, type ProgressEvent } from './progress.ts';
import { interruptible } from './signals.ts';
import { summarise } from './summary.ts';

export interface RunOptions {
  readonly timeLimit?: number | undefined;
  /** The run's folder, where it is there already. */
  readonly folder?: string;
  /** Whether to open the studio beside it, and to keep it open when the run is done. */
  readonly studio?: boolean | undefined;
}

/** What a run is handed by the command line. */
interface Hooks {
  readonly signal: AbortSignal;
  onEvent(event: ProgressEvent): void;
}

/** Runs a fit with progress, Ctrl-C and the verdict at its end. */
export async function carryOut(
  io: Io,
  options: RunOptions,
  start: (hooks: Pick<FitHooks, 'signal' | 'onEvent'>) => Promise<RunResult>,
): Promise<number | undefined> {
  let studio: Promise<Studio> | undefined;
  const open = async (run: string): Promise<Studio> => {
    const opened = await openAnyStudio(dirname(run));
    io.note(`Watch it in the studio: ${opened.url}/run/${runId(run)}`);
    return opened;
  };
  const result = await followed(io, options, (hooks) =>
    start({
      ...hooks,
      onEvent: (event) => {
        if (options.studio && event.phase === 'prepared') studio ??= open(event.run);
        hooks.onEvent?.(event);
      },
    }),
  ).catch(async (error: unknown) => {
    await studio?.then((opened) => opened.close()).catch(() => undefined);
    throw error;
  });
  if (!io.json) {
    const { renderVerdict } = await import('../experiment/report/terminal.ts');
    io.print(renderVerdict(result, { colour: io.colour, width: io.width }));
  }
  io.answer(summarise(result));
  return studio && untilClosed(io, await studio);
}

/** The same for a front, which ends with its points. */
export async function carryOutFront(
  io: Io,
  options: RunOptions,
  start: (hooks: Pick<FrontHooks, 'signal' | 'onEvent'>) => Promise<FrontResult>,
): Promise<undefined> {
  const front = await followed(io, options, start);
  if (!io.json) {
    const { renderPoints } = await import('../experiment/report/front/terminal.ts');
    io.print(renderPoints(front, { colour: io.colour, width: io.width }));
  }
  io.answer(front);
  return undefined;
}

/** Work with progress, that Ctrl-C stops. */
export async function followed<R>(
  io: Io,
  { timeLimit, folder }: RunOptions,
  start: (hooks: Hooks) => Promise<R>,
): Promise<R> {
  const progress = new Progress(io, timeLimit);
  return interruptible(io, async ({ signal, begun }) => {
    if (folder !== undefined) begun(folder);
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
}
