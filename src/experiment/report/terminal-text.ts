/** Text from data without what would move the cursor or change colours. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
}

/** The same with the signs that a terminal may lack as ASCII has them. */
export function ascii(text: string): string {
  const signs = printable(text).replaceAll(/[\u2212\u2013]/g, '-');
  return signs.replaceAll('\u202f', ' ').replaceAll('\u2026', '~');
}

/** Columns of a terminal that a text takes: two for a wide East Asian character or an emoji, none for a mark. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200d/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** A text of exactly `width` columns: filled up with spaces, or cut and ended by `~`. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const own = displayWidth(text);
  if (own > width) return `${cut(text, width - 1)}~`.padStart(Math.min(1, width));
  const space = ' '.repeat(width - own);
  return align === 'left' ? text + space : space + text;
}

/** Lines of at most `width` columns; amounts keep their per cent sign, and a word that is too long is cut apart. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.replaceAll(' %', '\u00a0%').split(/[ \n]+/)) {
    if (word === '') continue;
    if (line !== '' && displayWidth(`${line} ${word}`) > width) {
      lines.push(line);
      line = '';
    }
    while (displayWidth(word) > width) {
      const head = cut(word, width);
      if (head === '') break;
      lines.push(head);
      word = word.slice(head.length);
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].filter((own) => own !== '').map((own) => own.replaceAll('\u00a0%', ' %'));
}

/** As many characters as fit into `width` columns. */
function cut(text: string, width: number): string {
  let head = '';
  for (const character of text) {
    if (displayWidth(head + character) > width) break;
    head += character;
  }
  return head;
}
