import { PolytaskError } from '../../common/error.ts';
import { Scorer } from '../../optimization/index.ts';
import type { PreparedEvent, RunHooks } from '../begin-run.ts';
import type { Prepared } from '../prepare.ts';
import type { RunFolder } from '../run-folder.ts';
import type { SearchEvent } from '../search/search.ts';
import type { LearningHooks, TrainingEvent } from '../train-kept.ts';
import { CONTROL, Control } from './control.ts';
import { JOURNAL, Journal, type WatchedTask } from './journal.ts';
import { trainingKey } from './training-key.ts';

type WatchedEvent = PreparedEvent | SearchEvent | TrainingEvent | { readonly phase: 'finished' };

/** Milliseconds between two lines about steps, or about one candidate of a search. */
const STEP_EVERY = 1000;

/**
 * Does the work of a run so that others can watch it and ask it to pause, stop or end: see `Journal` and `Control`.
 *
 * @param seeds of the run
 */
export async function watched<H extends RunHooks & { onEvent?(event: never): void }, R>(
  folder: RunFolder,
  seeds: readonly number[],
  hooks: H,
  work: (hooks: H & Pick<LearningHooks, 'pass' | 'ending' | 'waited'>) => Promise<R>,
): Promise<R> {
  const journal = new Journal(folder.file(JOURNAL));
  const control = new Control(folder.file(CONTROL), (kind) => journal.note({ kind }));
  const { signal, onEvent } = hooks;
  const introduced = new Set<string>();
  let [told, topic] = [0, ''];
  const tell = (event: WatchedEvent): void => {
    const about = topicOf(event);
    if (about !== undefined && about === topic && Date.now() - told < STEP_EVERY) return;
    [told, topic] = [Date.now(), about ?? topic];
    note(journal, event, seeds, introduced);
  };
  try {
    const result = await work({
      ...hooks,
      signal: signal ? AbortSignal.any([signal, control.signal]) : control.signal,
      onEvent: (event: never) => {
        tell(event);
        onEvent?.call(hooks, event);
      },
      pass: () => control.pass(),
      ending: () => control.ending,
      waited: () => control.waited,
    });
    return result;
  } catch (error) {
    journal.note({
      kind: 'stopped',
      ...(!(error instanceof PolytaskError && error.code === 'cancelled') && { error: String(error) }),
    });
    throw error;
  } finally {
    control.close();
    await journal.written();
  }
}

/** What an event goes on about; undefined where each one counts. */
function topicOf(event: WatchedEvent): string | undefined {
  if (event.phase === 'searching') return `${event.side}/${event.stage}/${event.candidate}`;
  return event.phase === 'training' && event.progress.point === undefined ? 'steps' : undefined;
}

/** @param introduced the trainings whose tables have been named */
function note(
  journal: Journal,
  event: WatchedEvent,
  seeds: readonly number[],
  introduced: Set<string>,
): void {
  if (event.phase === 'prepared') {
    const { prepared, runtime } = event;
    const { train, validation, test } = prepared.split;
    const rows = { train: train.length, validation: validation.length, test: test.length };
    journal.note({ kind: 'begun', tasks: tasksOf(prepared), seeds, rows, runtime });
  } else if (event.phase === 'searching') {
    const { phase: _, ...told } = event;
    journal.note({ kind: 'searching', ...told });
  } else if (event.phase === 'training') {
    const { sharing, trial, trials, rows, progress } = event;
    const { epoch, step, maxEpochs, stepsPerEpoch, point, watched = [] } = progress;
    const training = {
      sharing,
      trial,
      trials,
      ...(rows !== undefined && { rows }),
      maxEpochs,
      stepsPerEpoch,
    };
    const tables = watched.flatMap(({ values: _, ...names }) =>
      point?.watched?.[names.name] ? [names] : [],
    );
    const key = trainingKey(training);
    if (tables.length > 0 && !introduced.has(key)) journal.note({ kind: 'tables', ...training, tables });
    if (point) introduced.add(key);
    journal.note(point ? { kind: 'point', ...training, point } : { kind: 'step', ...training, epoch, step });
  } else journal.note({ kind: 'finished' });
}

function tasksOf({ dataset, split }: Prepared): WatchedTask[] {
  return new Scorer(dataset, split.validation).references.map(({ metric, baseline }, t) => {
    const { name, kind } = dataset.tasks[t]!;
    return { name, kind, metric: metric.name, higherIsBetter: metric.higherIsBetter, constant: baseline };
  });
}
