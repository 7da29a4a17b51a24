/** A colour as every reader of SVG knows it. */
export interface Colour {
  /** `#rrggbb` */
  readonly hex: string;
  /** 0 to 1 */
  readonly opacity: number;
}

const known = new Map<string, Colour>();
let brush: CanvasRenderingContext2D | undefined;

/** Any colour of CSS in bytes, `oklch` and mixtures too: painting is what turns it into these. */
export function colourOf(css: string): Colour {
  const old = known.get(css);
  if (old !== undefined) return old;
  if (brush === undefined) {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    brush = canvas.getContext('2d', { willReadFrequently: true })!;
  }
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = css;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  const hex = `#${[red, green, blue].map((byte) => byte!.toString(16).padStart(2, '0')).join('')}`;
  const colour = { hex, opacity: Math.round((100 * alpha!) / 255) / 100 };
  known.set(css, colour);
  return colour;
}

/** As attributes: of `fill` or `stroke`. Nothing where it is not seen. */
export function inked(name: 'fill' | 'stroke', css: string, opacity = 1): Record<string, string> {
  const { hex, opacity: own } = colourOf(css);
  const seen = own * opacity;
  return { [name]: hex, ...(seen < 1 && { [`${name}-opacity`]: String(Math.round(100 * seen) / 100) }) };
}
