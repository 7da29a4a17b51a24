/**
 * About how wide a text is in a sans-serif face, rather too wide than too narrow, in pixels.
 *
 * @param size of the font, in pixels
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * size;
}

/** In parts of the font's size. */
function widthOf(character: string): number {
  if (/\p{Mark}|\u200d/u.test(character)) return 0;
  if (/[ilIjtfr.,:;'|!()[\]]/.test(character)) return 0.4;
  if (/[mwMW@%…→]/.test(character)) return 1;
  if (/[\u0020-\u007e\u00a0-\u024f\u0370-\u04ff]/.test(character))
    return /\p{Uppercase}/u.test(character) ? 0.75 : 0.6;
  return 1.1;
}

/** A text that fits into some pixels, cut and ended by "…" where it must be. */
export function fitText(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(`${kept}${character}…`, size) > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
