import type { JSX } from 'preact';
import { heatmap } from '../../../src/experiment/report/charts/heatmap.ts';
import { signed, signedRange } from '../../../src/experiment/report/format.ts';
import type { ComparedFits } from '../../../src/studio/compared-runs.ts';
import { Sheet } from '../sheet.tsx';
import type { StandingRun } from './standing.ts';

/** Differences of the most that are told in words. */
const MOST_TOLD = 5;

/** Every run against every other over the seeds that both have: which differences stand. */
export function Significance({
  runs,
  fits: { pairs, comparison },
}: {
  runs: readonly StandingRun[];
  fits: ComparedFits;
}): JSX.Element {
  const at = (r: number, c: number) => pairs[runs[r]!.place]![runs[c]!.place]!;
  const names = runs.map(({ short }) => short);
  const places = runs.map((_, i) => i);
  const clear = places
    .flatMap((r) => places.map((c) => ({ r, c, pair: at(r, c) })))
    .filter(({ pair }) => pair.clear && pair.delta!.mean > 0)
    .sort((a, b) => b.pair.delta!.mean - a.pair.delta!.mean);
  const over = comparison.data.folds === undefined ? 'seeds' : 'folds';
  const paired = places.some((r) => places.some((c) => at(r, c).delta?.low != null));
  return (
    <section>
      <h2>What stands over {over}?</h2>
      <p class="note">
        Change in per cent of the run in a row against the one in a column, mean over tasks on the test rows,
        paired by {over === 'seeds' ? 'seed' : 'fold'}. Framed is what leaves out 0 at 95 % and stands among
        this many pairs (Benjamini and Hochberg, 1995).{' '}
        {!paired &&
          'No two runs share two seeds: run them with the same --seeds, three or more, to tell chance apart.'}
      </p>
      <Sheet
        of={heatmap({
          title: 'Change of each run against each other in per cent',
          rows: names,
          columns: names,
          table: places.map((r) => places.map((c) => at(r, c).delta?.mean ?? null)),
          scale: 'signed',
          framed: (r, c) => at(r, c).clear,
          hues: new Map(),
        })}
      />
      {paired && (
        <p class="note pairs">
          {clear.length === 0
            ? `No difference stands: more seeds would tell, or the runs are alike.`
            : `${clear.length} of ${(places.length * (places.length - 1)) / 2} stand, the greatest: `}
          {clear.slice(0, MOST_TOLD).map(({ r, c, pair: { delta } }, i) => (
            <span key={`${r}/${c}`}>
              {i > 0 && '; '}
              <b class="name">{names[r]}</b> over <b class="name">{names[c]}</b> {signed(delta!.mean)} % (
              {signedRange(delta!)})
            </span>
          ))}
          {clear.length > 0 && '.'}
        </p>
      )}
    </section>
  );
}
