/** Something with a label, in pixels; x is a share of the width, so that the drawing fits any. */
export interface Spot {
  /** 0 to 1 */
  readonly x: number;
  readonly y: number;
  /** Of the label. */
  readonly width: number;
}

/** Where a label stands beside its spot: the middle of its left edge, from the spot, in pixels. */
export interface LabelPlace {
  readonly dx: number;
  readonly dy: number;
}

/** Widths that a drawing is looked at, from a phone to a desk. */
const WIDTHS = [270, 330, 400, 480, 560, 640];
const HALF = 7;
const DOT = 6;

/** Ways to stand beside a dot, nearest first. */
export function beside({ width }: Spot): LabelPlace[] {
  return [10, 22, 36, 52].flatMap((far) => [
    { dx: far, dy: 0 },
    { dx: -far - width, dy: 0 },
    { dx: -width / 2, dy: -far - 4 },
    { dx: -width / 2, dy: far + 4 },
    { dx: far, dy: -far },
    { dx: far, dy: far },
    { dx: -far - width, dy: -far },
    { dx: -far - width, dy: far },
  ]);
}

/** Ways to hang below a dot towards the middle, highest first: what hangs from dots further out passes by. */
export function below({ x, width }: Spot): LabelPlace[] {
  const dx = x > 0.5 ? 6 - width : -6;
  return [16, 31, 46, 61, 76, 91].map((dy) => ({ dx, dy }));
}

/**
 * Gives labels places where they cover neither dots nor each other, whatever the width; undefined where there is none.
 * The first is served first.
 *
 * @param dots what is not to be covered, labelled or not
 * @param ways the places to try, best first
 */
export function placeLabels(
  spots: readonly Spot[],
  dots: readonly Pick<Spot, 'x' | 'y'>[],
  height: number,
  ways: (spot: Spot) => readonly LabelPlace[],
): (LabelPlace | undefined)[] {
  const placed: { spot: Spot; place: LabelPlace }[] = [];
  return spots.map((spot) => {
    const free = ways(spot).find((place) =>
      WIDTHS.every((width) => {
        const own = boxAt(spot, place, width);
        const inside = own.left >= -4 && own.right <= width + 4 && own.top >= 0 && own.bottom <= height;
        return (
          inside &&
          !dots.some(({ x, y }) => meets(own, around(x * width, y))) &&
          !placed.some((other) => meets(own, boxAt(other.spot, other.place, width)))
        );
      }),
    );
    if (free !== undefined) placed.push({ spot, place: free });
    return free;
  });
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxAt({ x, y, width: own }: Spot, { dx, dy }: LabelPlace, width: number): Box {
  const left = x * width + dx;
  return { left, right: left + own, top: y + dy - HALF, bottom: y + dy + HALF };
}

function around(x: number, y: number): Box {
  return { left: x - DOT, right: x + DOT, top: y - DOT, bottom: y + DOT };
}

function meets(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
