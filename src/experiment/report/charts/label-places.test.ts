import fc from 'fast-check';
import { expect, test } from 'vitest';
import { below, beside, placeLabels, type Spot } from './label-places.ts';

const spots = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 100 }).map((part) => part / 100),
    y: fc.integer({ min: 10, max: 350 }),
    width: fc.constantFrom(40, 70, 120),
  }),
  { maxLength: 12 },
);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}
const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= 14;

test.each([
  ['beside', beside],
  ['below', below],
])('labels %s their dots stay within the drawing and off each other, at any width', (_, ways) => {
  fc.assert(
    fc.property(spots, fc.constantFrom(270, 330, 480, 640), (all, width) => {
      const height = ways === below ? 480 : 374;
      const dots = ways === below ? [] : all;
      const places = placeLabels(all, dots, height, ways);
      const boxes = places.flatMap((place, i) => {
        const spot = all[i] as Spot;
        return place ? [{ x: spot.x * width + place.dx, y: spot.y + place.dy, width: spot.width }] : [];
      });
      boxes.forEach((box, i) => {
        expect(box.x).toBeGreaterThanOrEqual(-4);
        expect(box.x + box.width).toBeLessThanOrEqual(width + 4);
        expect(box.y).toBeLessThanOrEqual(height);
        for (const other of boxes.slice(i + 1)) expect(apart(box, other)).toBe(true);
        for (const { x, y } of dots)
          expect(apart(box, { x: x * width - 5, y, width: 10 }) || Math.abs(box.y - y) >= 12.9).toBe(true);
      });
    }),
  );
});

test('a label alone stands at its right, at the edge at its left; where nothing is free there is none', () => {
  const [middle] = placeLabels([{ x: 0.5, y: 100, width: 40 }], [], 200, beside);
  expect(middle).toEqual({ dx: 10, dy: 0 });
  const [edge] = placeLabels([{ x: 0.99, y: 100, width: 40 }], [], 200, beside);
  expect(edge).toEqual({ dx: -50, dy: 0 });
  const crowd = Array.from({ length: 60 }, () => ({ x: 0.5, y: 100, width: 120 }));
  const places = placeLabels(crowd, [], 200, beside);
  expect(places.filter(Boolean).length).toBeGreaterThan(3);
  expect(places).toContain(undefined);
});

test('what hangs further out hangs lower', () => {
  const row = [0.6, 0.62, 0.64].map((x) => ({ x, y: 10, width: 70 }));
  expect(placeLabels(row, [], 200, below).map((place) => place!.dy)).toEqual([16, 31, 46]);
});
