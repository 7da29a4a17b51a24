import { meanOf } from '../../diagnosis/index.ts';
import type { LeaderboardEntry } from './result.ts';
import type { Entrant, SideSearch } from './side.ts';

/** All who ran, by what their best states reached on the validation rows, best first. */
export function leaderboardOf(sides: readonly SideSearch[]): LeaderboardEntry[] {
  return (
    sides
      .flatMap((search) => [...search.contestants.values()].map((own) => entryOf(search, own)))
      // Who never came to run has nothing to show.
      .filter(({ steps, failure }) => steps > 0 || failure !== undefined)
      .sort((a, b) => (b.score ?? Number.NEGATIVE_INFINITY) - (a.score ?? Number.NEGATIVE_INFINITY) || 0)
  );
}

function entryOf(search: SideSearch, { contestant, stage }: Entrant): LeaderboardEntry {
  const { candidate, steps, seconds, finished, failure } = contestant;
  const metrics = search.metrics(contestant);
  const scores = metrics && search.scores(contestant);
  return {
    side: search.side,
    name: candidate.name,
    stage,
    settings: candidate.settings,
    ...(candidate.groups && { groups: candidate.groups }),
    ...(scores && { scores }),
    score: scores === undefined ? null : meanOf(scores),
    ...(metrics && { metrics: metrics[0]!.map((_, t) => meanOf(metrics.map((seed) => seed[t]!))) }),
    steps,
    seconds,
    finished,
    ...(failure && { failure: failure.message }),
  };
}
