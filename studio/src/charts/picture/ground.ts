import { colourOf, inked } from './colour.ts';
import { shape } from './shapes.ts';

const SIDES = ['top', 'right', 'bottom', 'left'] as const;
const DASHES: Readonly<Record<string, readonly number[]>> = { dashed: [3, 2], dotted: [1, 1] };

/** What a box shows behind its content: its colour, its borders, its outline. */
export function groundOf(style: CSSStyleDeclaration, box: DOMRect): SVGElement[] {
  const painted: SVGElement[] = [];
  const { x, y, width, height } = box;
  const radius = style.borderTopLeftRadius;
  const rx = radius.endsWith('%') ? (width * Number.parseFloat(radius)) / 100 : Number.parseFloat(radius);
  if (colourOf(style.backgroundColor).opacity > 0)
    painted.push(
      shape('rect', { x, y, width, height, rx: rx || undefined, ...inked('fill', style.backgroundColor) }),
    );
  for (const side of SIDES) painted.push(...border(side, style, box));
  const line = Number.parseFloat(style.outlineWidth);
  if (style.outlineStyle === 'solid' && line > 0) {
    const away = Number.parseFloat(style.outlineOffset) + line / 2;
    painted.push(
      shape('rect', {
        x: x - away,
        y: y - away,
        width: width + 2 * away,
        height: height + 2 * away,
        fill: 'none',
        ...inked('stroke', style.outlineColor),
        'stroke-width': line,
      }),
    );
  }
  return painted;
}

function border(side: (typeof SIDES)[number], style: CSSStyleDeclaration, box: DOMRect): SVGElement[] {
  const width = Number.parseFloat(style.getPropertyValue(`border-${side}-width`));
  const kind = style.getPropertyValue(`border-${side}-style`);
  const colour = style.getPropertyValue(`border-${side}-color`);
  if (width === 0 || kind === 'none' || colourOf(colour).opacity === 0) return [];
  const inner = { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
  const middle = inner[side] + (side === 'top' || side === 'left' ? width / 2 : -width / 2);
  const level = side === 'top' || side === 'bottom';
  return [
    shape('line', {
      x1: level ? inner.left : middle,
      x2: level ? inner.right : middle,
      y1: level ? middle : inner.top,
      y2: level ? middle : inner.bottom,
      ...inked('stroke', colour),
      'stroke-width': width,
      'stroke-dasharray': DASHES[kind]?.map((part) => part * width).join(' '),
    }),
  ];
}

/** The box that a style sheet puts before a text, as a key does: its place is that of the text's first line. */
export function markBefore(element: Element, box: DOMRect): SVGElement[] {
  const style = getComputedStyle(element, '::before');
  if (style.content === 'none' || style.display !== 'inline-block') return [];
  const [width, high, top, bottom] = [
    style.width,
    style.height,
    style.borderTopWidth,
    style.borderBottomWidth,
  ].map(Number.parseFloat);
  const height = high! + top! + bottom!;
  const line = Math.min(box.height, Number.parseFloat(getComputedStyle(element).lineHeight) || box.height);
  return groundOf(style, new DOMRect(box.left, box.top + (line - height) / 2, width, height));
}
