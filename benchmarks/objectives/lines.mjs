/** Lines on which a function of the plane has a value: marching squares over [−reach, reach]², joined end to end. */
export function contours(value, level, reach, cells) {
  const at = (k) => -reach + (2 * reach * k) / cells;
  const heights = Array.from({ length: cells + 1 }, (_, i) =>
    Array.from({ length: cells + 1 }, (_, j) => value([at(i), at(j)]) - level),
  );
  const segments = [];
  for (let i = 0; i < cells; i++)
    for (let j = 0; j < cells; j++) {
      const corners = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ];
      const crossings = corners.flatMap((a, k) => {
        const b = corners[(k + 1) % 4];
        const [u, v] = [heights[a[0]][a[1]], heights[b[0]][b[1]]];
        if (u > 0 === v > 0) return [];
        const share = u / (u - v);
        return [[0, 1].map((axis) => at(a[axis]) + share * (at(b[axis]) - at(a[axis])))];
      });
      for (let k = 0; k + 1 < crossings.length; k += 2) segments.push([crossings[k], crossings[k + 1]]);
    }
  return joined(segments);
}

/** Segments that share ends, as lines. */
function joined(segments) {
  const key = (point) => point.map((value) => value.toFixed(6)).join();
  const ends = new Map();
  segments.forEach((segment, index) => {
    for (const point of segment) ends.set(key(point), [...(ends.get(key(point)) ?? []), index]);
  });
  const used = new Set();
  const grow = (points) => {
    for (;;) {
      const end = points.at(-1);
      const next = ends.get(key(end)).find((index) => !used.has(index));
      if (next === undefined) return points;
      used.add(next);
      const [a, b] = segments[next];
      points.push(key(a) === key(end) ? b : a);
    }
  };
  return segments.flatMap((segment, index) => {
    if (used.has(index)) return [];
    used.add(index);
    const forward = grow([...segment]);
    return [[...grow([segment[1], segment[0]]).slice(2).reverse(), ...forward]];
  });
}

/** A line without the points that lie within a distance of it (Ramer, Douglas and Peucker). */
export function simplified(points, distance) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  let [far, most] = [0, distance];
  for (let k = 1; k < points.length - 1; k++) {
    const off = fromSegment(points[k], first, last);
    if (off > most) [far, most] = [k, off];
  }
  if (far === 0) return [first, last];
  return [
    ...simplified(points.slice(0, far + 1), distance).slice(0, -1),
    ...simplified(points.slice(far), distance),
  ];
}

function fromSegment([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const share = square > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}
