import { inked } from './colour.ts';

/** What a style sheet says of a drawing, and what holds where it says nothing. */
const INHERITED: Readonly<Record<string, string>> = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-opacity': '1',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'shape-rendering': 'auto',
  'text-anchor': 'start',
  'font-family': '',
  'font-size': '',
  'font-weight': '400',
};
const OWN: Readonly<Record<string, string>> = { opacity: '1', 'vector-effect': 'none' };
/** Not drawn, and meant so. */
const TOLD = new Set(['title', 'desc', 'metadata', 'clipPath']);
const PAGE = /^(class|style|role|tabindex|aria-.*|data-.*)$/;

/** A copy of a drawing that needs no style sheet: each element says what differs from what it is within. */
export function standalone(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  settle(drawing, copy, undefined);
  return copy;
}

function settle(from: Element, to: Element, outer: CSSStyleDeclaration | undefined): void {
  if (TOLD.has(from.tagName)) return;
  const style = getComputedStyle(from);
  if (style.display === 'none') {
    to.remove();
    return;
  }
  for (const { name } of [...to.attributes]) if (PAGE.test(name)) to.removeAttribute(name);
  for (const [name, initial] of Object.entries(INHERITED))
    write(to, style, name, outer ? outer.getPropertyValue(name) : initial);
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
