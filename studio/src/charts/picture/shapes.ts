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

/** Where a picture begins, so that its corner is 0. */
export interface Origin {
  readonly x: number;
  readonly y: number;
}

/** A place in the window as one in the picture. */
export function within({ x, y, width, height }: DOMRect, origin: Origin): DOMRect {
  return new DOMRect(x - origin.x, y - origin.y, width, height);
}
