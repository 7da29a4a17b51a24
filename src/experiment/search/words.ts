import { count, list } from '../../diagnosis/phrases.ts';
import type { SearchResult } from './result.ts';

/** What a search found, sentence by sentence. */
export function describeSearch({
  leaderboard,
  chosen,
  limit,
  objective,
  best,
}: Omit<SearchResult, 'words'>): string[] {
  const tried = (side: string): number => leaderboard.filter((entry) => entry.side === side).length;
  const [together, alone] = [tried('together'), tried('alone')];
  const within = `${limit.total} ${limit.unit}`;
  const against = alone === 0 ? '' : `, and ${count(alone, 'way')} to learn each alone`;
  const goal =
    objective === 'mean'
      ? ''
      : objective === 'worst'
        ? ' Best is what is best for the task that is worst off.'
        : ` Best is what is best for ${objective}.`;
  return [
    `Within ${within}, ${count(together, 'way')} to learn the tasks together${against} were tried, and compared on the validation rows.${goal}`,
    choiceIn(chosen),
    ...unfinished(leaderboard, best),
  ];
}

/** Who was still learning when the budget was over: a comparison that more of it may change. */
function unfinished(
  leaderboard: SearchResult['leaderboard'],
  { together, alone }: SearchResult['best'],
): string[] {
  const isOpen = (side: string, name: string | undefined): boolean =>
    leaderboard.some((entry) => entry.side === side && entry.name === name && !entry.finished);
  const [joint, separate] = [isOpen('together', together), isOpen('alone', alone)];
  if (joint && separate)
    return ['Both sides were still learning when their time was over: more of it may change what is better.'];
  if (separate)
    return [
      'The separate models were still learning when their half was over: with more time they may come closer.',
    ];
  return joint ? ['The joint model was still learning when its time was over.'] : [];
}

function choiceIn({ way, parts }: SearchResult['chosen']): string {
  const [first] = parts as [SearchResult['chosen']['parts'][number]];
  if (way === 'one model') return `Chosen: one model for all tasks (${first.name}).`;
  if (way === 'each alone') return `Chosen: a model for each task (${first.name}); sharing did not pay.`;
  const groups = parts.map(
    ({ tasks, side }) =>
      `${list([...tasks])}${side === 'alone' ? (tasks.length > 1 ? ', each alone' : ' alone') : ''}`,
  );
  return `Chosen: ${parts.length} parts in one file: ${groups.join('; ')}.`;
}
