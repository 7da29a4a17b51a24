import { colourOf } from './colour.ts';
import { standalone } from './drawing.ts';
import { groundOf, markBefore } from './ground.ts';
import { type Origin, shape, within } from './shapes.ts';
import { textsOf } from './texts.ts';

const MARGIN = 12;
/** What serves the page, and is not of the picture. */
const SERVICE = '.chart-tools, input, select, textarea';

/**
 * A figure or table as an SVG file that stands alone: its drawings with their styles written in, around them the boxes and
 * texts of the page as they stand, canvases as images. It shows what the window shows, in its colours, without scrolling.
 */
export function pictureOf(shown: Element, title: string): string {
  const subject = shown.matches('.scroll') ? shown.querySelector('table')! : shown;
  const picture = unscrolled(shown, () => paint(subject));
  picture.prepend(Object.assign(shape('title', {}), { textContent: title }));
  const text = new XMLSerializer().serializeToString(picture);
  // What XML forbids: halves of characters, and some that are none.
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function paint(subject: Element): SVGElement {
  const bounds = boundsOf(subject);
  const [width, height] = [bounds.width + 2 * MARGIN, bounds.height + 2 * MARGIN].map(Math.ceil);
  const picture = shape('svg', { width, height, viewBox: `0 0 ${width} ${height}` });
  picture.setAttribute('style', 'font-variant-numeric: tabular-nums');
  const ground = colourOf(getComputedStyle(document.body).backgroundColor).hex;
  picture.append(shape('rect', { width, height, fill: ground }));
  paintBox(subject, picture, { x: bounds.x - MARGIN, y: bounds.y - MARGIN });
  return picture;
}

function paintBox(element: Element, into: SVGElement, origin: Origin): void {
  if (element.matches(SERVICE) || !element.checkVisibility()) return;
  const style = getComputedStyle(element);
  // What is only read aloud is clipped to nothing.
  if (style.clipPath !== 'none') return;
  const box = within(element.getClientRects()[0] ?? element.getBoundingClientRect(), origin);
  into.append(...groundOf(style, box));
  if (element instanceof SVGSVGElement) into.append(drawn(element, box));
  else if (element instanceof HTMLCanvasElement) into.append(image(element, box));
  else paintContent(element, style, box, into, origin);
}

function paintContent(
  element: Element,
  style: CSSStyleDeclaration,
  box: DOMRect,
  into: SVGElement,
  origin: Origin,
): void {
  into.append(...markBefore(element, box));
  const inside = style.overflowX === 'hidden' ? clipped(box) : into;
  if (inside !== into) into.append(inside);
  for (const child of element.childNodes)
    if (child instanceof Text) inside.append(...textsOf(child, style, origin));
    else if (child instanceof Element) paintBox(child, inside, origin);
}

function drawn(drawing: SVGSVGElement, { x, y, width, height }: DOMRect): SVGElement {
  const copy = standalone(drawing);
  for (const [name, value] of Object.entries({ x, y, width, height }))
    copy.setAttribute(name, String(Math.round(100 * value) / 100));
  return copy;
}

/** Pixels stay as sharp or smooth as they are in the page. */
function image(canvas: HTMLCanvasElement, { x, y, width, height }: DOMRect): SVGElement {
  const made = shape('image', { x, y, width, height, href: canvas.toDataURL(), preserveAspectRatio: 'none' });
  made.setAttribute('style', `image-rendering: ${getComputedStyle(canvas).imageRendering}`);
  return made;
}

/** A window in the place of a box, for what may reach beyond. */
function clipped({ x, y, width, height }: DOMRect): SVGElement {
  return shape('svg', { x, y, width, height, viewBox: [x, y, width, height].join(' ') });
}

/** Around the subject, and what reaches beyond it and would be scrolled to. */
function boundsOf(subject: Element): DOMRect {
  const boxes = [subject, ...subject.querySelectorAll('svg, table')]
    .filter((own) => own.checkVisibility() && !own.closest(SERVICE))
    .map((own) => own.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  return new DOMRect(left, top, right - left, bottom - top);
}

/** Looks at something as it is before it is scrolled: heads of tables stand where they belong. */
function unscrolled<T>(shown: Element, look: () => T): T {
  const moved = [shown, ...shown.querySelectorAll('*')]
    .filter(({ scrollLeft, scrollTop }) => scrollLeft !== 0 || scrollTop !== 0)
    .map((element) => ({ element, left: element.scrollLeft, top: element.scrollTop }));
  for (const { element } of moved) element.scrollTo({ left: 0, top: 0, behavior: 'instant' });
  const seen = look();
  for (const { element, left, top } of moved) element.scrollTo({ left, top, behavior: 'instant' });
  return seen;
}
