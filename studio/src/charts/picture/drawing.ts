import { inked } from './colour.ts';

/** What a style sheet says of a drawing and of what is within. */
const INHERITED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'shape-rendering',
  'text-anchor',
  'font-family',
  'font-size',
  'font-weight',
] as const;
/** Of an element alone, and what holds where nothing is said. */
const OWN: Readonly<Record<string, string>> = { opacity: '1', 'vector-effect': 'none' };
/** Not drawn, and meant so. */
const TOLD = new Set(['title', 'desc', 'metadata', 'clipPath']);
const PAGE = /^(class|style|role|tabindex|aria-.*|data-.*)$/;

/**
 * A copy of a drawing that needs no style sheet: each element says what differs from what it is within.
 *
 * @param around the style of the picture that the copy is for
 */
export function standalone(drawing: SVGSVGElement, around: CSSStyleDeclaration): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  settle(drawing, copy, around);
  return copy;
}

function settle(from: Element, to: Element, outer: CSSStyleDeclaration): void {
  if (TOLD.has(from.tagName)) return;
  const style = getComputedStyle(from);
  if (style.display === 'none') {
    to.remove();
    return;
  }
  for (const { name } of [...to.attributes]) if (PAGE.test(name)) to.removeAttribute(name);
  for (const name of INHERITED) write(to, style, name, outer.getPropertyValue(name));
  for (const [name, initial] of Object.entries(OWN)) write(to, style, name, initial);
  if (from instanceof SVGSVGElement && style.overflow === 'visible') to.setAttribute('overflow', 'visible');
  const copies = [...to.children];
  for (const [i, child] of [...from.children].entries()) settle(child, copies[i]!, style);
}

function write(to: Element, style: CSSStyleDeclaration, name: string, otherwise: string): void {
  const value = style.getPropertyValue(name);
  if (value === otherwise) return;
  const painted = (name === 'fill' || name === 'stroke') && !/^(none|url)/.test(value);
  const written = painted
    ? inked(name, value, Number(style.getPropertyValue(`${name}-opacity`)))
    : { [name]: value };
  for (const [key, text] of Object.entries(written)) to.setAttribute(key, text);
}
