/**
 * Names without what all of them begin with, up to a place where a word ends: `runs/people-mmoe` and `runs/people-ple` are `mmoe` and
 * `ple`.
 */
export function shortNames(names: readonly string[]): string[] {
  if (names.length < 2) return [...names];
  const first = names[0]!;
  let same = 0;
  while (names.every((name) => same < name.length && name[same] === first[same])) same++;
  const end = first.slice(0, same).search(/[^/\-_. ]*$/);
  return names.map((name) => name.slice(end) || name);
}
