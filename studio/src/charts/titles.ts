/** What a figure or table is called, in short: by its region, its drawing or its caption, and the task that it is part of. */
export function titleOf(shown: Element): string {
  const named =
    shown.getAttribute('aria-label') ??
    shown.querySelector('svg > title')?.textContent ??
    shown.querySelector('.scroll')?.getAttribute('aria-label') ??
    shown.querySelector('figcaption, caption')?.textContent ??
    '';
  const title = named.replace(/\s+/g, ' ').replace(/;.*/, '').trim();
  const part = shown.closest('section[aria-label]')?.getAttribute('aria-label');
  return part && !title.startsWith(part) ? `${part}: ${title}` : title;
}

const LONGEST = 60;

/** A title as the name of a file: its words, as many as fit, between hyphens. */
export function fileName(title: string, ending: string): string {
  const words = title.toLowerCase().match(/[\p{Letter}\p{Number}\p{Mark}]+/gu) ?? [];
  let name = words[0]?.slice(0, LONGEST) ?? 'chart';
  for (const word of words.slice(1)) {
    if (name.length + word.length >= LONGEST) break;
    name += `-${word}`;
  }
  return `${name}.${ending}`;
}
