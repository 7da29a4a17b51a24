import { colourOf } from './colour.ts';
import { standalone } from './drawing.ts';
import { groundOf, markBefore } from './ground.ts';
import { type Frame, fontOf, shape, within } from './shapes.ts';
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
  const style = getComputedStyle(subject);
  const [width, height] = [bounds.width + 2 * MARGIN, bounds.height + 2 * MARGIN].map(Math.ceil);
  const picture = shape('svg', { width, height, viewBox: `0 0 ${width} ${height}`, ...fontOf(style) });
  picture.setAttribute('style', 'font-variant-numeric: tabular-nums');
  picture.append(shape('rect', { width, height, fill: groundUnder(subject) }));
  paintBox(subject, picture, { x: bounds.x - MARGIN, y: bounds.y - MARGIN, style });
  return picture;
}

/** The colour that the page has there. */
function groundUnder(element: Element | null): string {
  if (element === null) return '#ffffff';
  const { hex, opacity } = colourOf(getComputedStyle(element).backgroundColor);
  return opacity === 1 ? hex : groundUnder(element.parentElement);
}

function paintBox(element: Element, into: SVGElement, frame: Frame): void {
  if (element.matches(SERVICE) || !element.checkVisibility()) return;
  const style = getComputedStyle(element);
  // What is only read aloud is clipped to nothing.
  if (style.clipPath !== 'none') return;
  const box = within(element.getClientRects()[0] ?? element.getBoundingClientRect(), frame);
  into.append(...groundOf(style, box));
  if (element instanceof SVGSVGElement) into.append(drawn(element, box, frame));
  else if (element instanceof HTMLCanvasElement) into.append(image(element, box));
  else paintContent(element, style, box, into, frame);
}

function paintContent(
  element: Element,
  style: CSSStyleDeclaration,
  box: DOMRect,
  into: SVGElement,
  frame: Frame,
): void {
  into.append(...markBefore(element, box));
  const inside = style.overflowX === 'hidden' ? clipped(box) : into;
  if (inside !== into) into.append(inside);
  for (const child of element.childNodes)
    if (child instanceof Text) inside.append(...textsOf(child, style, frame));
    else if (child instanceof Element) paintBox(child, inside, frame);
}

function drawn(drawing: SVGSVGElement, { x, y, width, height }: DOMRect, frame: Frame): SVGElement {
  const copy = standalone(drawing, frame.style);
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

/** Around what the subject holds: less than itself where a grid stretches it, more where something would be scrolled to. */
function boundsOf(subject: Element): DOMRect {
  const boxes = [...subject.children, ...subject.querySelectorAll('svg, table')]
    .filter((own) => own.checkVisibility() && !own.matches(SERVICE))
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
