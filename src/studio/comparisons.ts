import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PolytaskError } from '../common/error.ts';
import { pairwise, type Way } from '../diagnosis/index.ts';
import { checkComparable } from '../experiment/compare/check-comparable.ts';
import { type Comparable, compareResults, scoredTasks } from '../experiment/compare/compare-results.ts';
import { differences } from '../experiment/compare/settings.ts';
import { scoresOf } from '../experiment/compared-ways.ts';
import type { Catalogue, ListedRun } from './catalogue.ts';
import { type ComparedFits, type ComparedRuns, MOST_COMPARED, type OwnGain } from './compared-runs.ts';
import { type OpenedRun, readRun, resultFile } from './opened-run.ts';

/** Compares runs of a catalogue. What was read of a run is kept until its result changes. */
export class Comparisons {
  readonly #catalogue: Catalogue;
  readonly #known: Map<string, { readonly changed: number; readonly run: Promise<OpenedRun> }> = new Map();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /**
   * @param ids of finished runs
   * @param baseline id of the run that the others are compared with; default: the first
   * @throws `runs-differ`, `run-folder`
   */
  async compare(ids: readonly string[], baseline?: string): Promise<ComparedRuns> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0 || wanted.length > MOST_COMPARED)
      throw new PolytaskError('runs-differ', {
        path: 'runs',
        expected: `1 to ${MOST_COMPARED} runs`,
        found: `${wanted.length}`,
        help: 'Choose as many in the list of runs.',
      });
    const listed = await this.#catalogue.list();
    const runs = await Promise.all(
      wanted.map((id) =>
        this.#open(
          id,
          listed.find((run) => run.id === id),
        ),
      ),
    );
    const named = runs.map(({ name, ground }) => ({ run: name, ground }));
    checkComparable(named, named[0]!);
    const fits = runs.flatMap(({ id, fit }) => (fit ? [{ id, fit }] : []));
    return {
      ...runs[0]!.facts,
      ...(fits.length > 1 && { fits: compareFits(fits, baseline) }),
      models: runs.flatMap(({ models }) => models),
    };
  }

  async #open(id: string, listed: ListedRun | undefined): Promise<OpenedRun> {
    const path = await this.#catalogue.pathOf(id);
    if (listed === undefined || path === undefined || listed.state !== 'finished')
      throw new PolytaskError('run-folder', {
        path: listed?.name ?? id,
        expected: 'a finished run',
        found: listed?.state ?? 'none',
        help: 'Choose among the finished ones in the list of runs.',
      });
    const { mtimeMs: changed } = await stat(join(path, resultFile(listed.kind)));
    const known = this.#known.get(id);
    if (known?.changed === changed) return known.run;
    const run = readRun(listed, path);
    this.#known.set(id, { changed, run });
    run.catch(() => this.#known.delete(id));
    return run;
  }
}

function compareFits(
  runs: readonly { readonly id: string; readonly fit: Comparable }[],
  baseline: string | undefined,
): ComparedFits {
  const fits = runs.map(({ fit }) => fit);
  const at = runs.findIndex(({ id }) => id === baseline);
  const settings = differences(fits.map((fit) => fit.settings));
  return {
    comparison: compareResults(fits, settings, Math.max(0, at)),
    ids: runs.map(({ id }) => id),
    own: fits.map(ownGain),
    pairs: pairwise(scoredTasks(fits[0]!.result.tasks), fits.map(wayOf)),
  };
}

function ownGain({ result: { diagnosis } }: Comparable): OwnGain | null {
  if (!diagnosis?.delta) return null;
  return { delta: diagnosis.delta, tasks: diagnosis.tasks.map(({ delta }) => delta) };
}

function wayOf({ result: { seeds, multi, folds } }: Comparable): Way {
  return {
    seeds,
    scores: scoresOf(multi),
    ...(folds && { folds: folds.map(({ multi: { test }, rows }) => ({ test, rows })) }),
  };
}
