import { inked } from './colour.ts';
import { type Frame, fontOf, shape, within } from './shapes.ts';

/** A text of the page line by line, as it is broken there. */
export function textsOf(node: Text, style: CSSStyleDeclaration, frame: Frame): SVGElement[] {
  const ascent = ascentOf(style);
  const right = style.textAlign === 'right' || style.textAlign === 'end';
  return linesOf(node).map(({ text, box }) => {
    const { left, right: end, top } = within(box, frame);
    const line = shape('text', {
      x: right ? end : left,
      y: top + ascent,
      'text-anchor': right ? 'end' : undefined,
      ...inked('fill', style.color),
      ...fontOf(style, frame.style),
    });
    line.textContent = text;
    return line;
  });
}

interface Line {
  readonly text: string;
  readonly box: DOMRect;
}

/** Characters that stand level; what is collapsed has no place. */
function linesOf(node: Text): Line[] {
  const range = document.createRange();
  const lines: { text: string; box: DOMRect }[] = [];
  let at = 0;
  for (const character of node.data) {
    range.setStart(node, at);
    range.setEnd(node, (at += character.length));
    const box = range.getBoundingClientRect();
    const blank = /\s/.test(character);
    if (blank && box.width === 0) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < box.height / 2) {
      last.text += blank ? ' ' : character;
      last.box.width = Math.max(last.box.width, box.right - last.box.left);
    } else if (!blank) lines.push({ text: character, box });
  }
  return lines;
}

let ruler: CanvasRenderingContext2D | undefined;

/** Pixels from the top of a line's letters to what they stand on. */
function ascentOf({ fontWeight, fontSize, fontFamily }: CSSStyleDeclaration): number {
  ruler ??= document.createElement('canvas').getContext('2d')!;
  ruler.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return ruler.measureText('x').fontBoundingBoxAscent;
}
