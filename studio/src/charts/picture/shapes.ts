const SVG = 'http://www.w3.org/2000/svg';

/** An element of SVG; numbers with as many digits as a screen shows, and what is undefined left out. */
export function shape(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
): SVGElement {
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined)
      made.setAttribute(key, typeof value === 'number' ? String(Math.round(100 * value) / 100) : value);
  return made;
}

/** A picture as a whole. */
export interface Frame {
  /** Where it begins in the window, so that its corner is 0. */
  readonly x: number;
  readonly y: number;
  /** What holds in it where nothing else is said. */
  readonly style: CSSStyleDeclaration;
}

/** A place in the window as one in the picture. */
export function within({ x, y, width, height }: DOMRect, frame: Frame): DOMRect {
  return new DOMRect(x - frame.x, y - frame.y, width, height);
}

/** The font of a text, as far as it is not that of the whole. */
export function fontOf(style: CSSStyleDeclaration, whole?: CSSStyleDeclaration): Record<string, string> {
  const properties = ['font-family', 'font-size', 'font-weight'];
  const own = properties.map((name) => [name, style.getPropertyValue(name)] as const);
  return Object.fromEntries(own.filter(([name, value]) => value !== whole?.getPropertyValue(name)));
}
