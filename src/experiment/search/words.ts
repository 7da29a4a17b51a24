import { count, list } from '../../diagnosis/phrases.ts';
import type { SearchResult } from './result.ts';

/** What a search found, sentence by sentence. */
export function describeSearch({
  leaderboard,
  chosen,
  limit,
  objective,
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
  ];
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
