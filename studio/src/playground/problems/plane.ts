import { RandomStream } from '../../../../src/common/random.ts';
import type { Settings } from '../settings.ts';
import { booleanColumn, numericFeatures, numericToy, type Toy, type ToyProblem, thinned } from './problem.ts';

const VALIDATION = 300;
const SIZE = 40;
const REACH = 2.5;
const ROWS_SHOWN = 250;

/** Two classifications of points on the plane: a wavy boundary, and the same turned by arccos p. */
export const plane: ToyProblem = {
  name: 'plane',
  title: 'Two classes on the plane',
  about: 'A wavy boundary, and the same one turned.',
  related: 'Cosine of the angle between the boundaries',
  turns: ['related', 'rows', 'labels', 'noise'],
  make,
};

function make({ seed, rows, noise, related, labels }: Settings): Toy {
  const stream = new RandomStream(seed, 'playground/plane');
  const total = rows + VALIDATION;
  const data = Float32Array.from({ length: total * 2 }, (_, i) => REACH * (2 * stream.uniform(i) - 1));
  const first = 2 * Math.PI * stream.uniform(0, 1);
  const values = [first, first + Math.acos(related)].map((angle, k) =>
    Float64Array.from({ length: total }, (_, row) => {
      const [x, y] = [data[2 * row]!, data[2 * row + 1]!];
      const [u, v] = [x * Math.cos(angle) + y * Math.sin(angle), y * Math.cos(angle) - x * Math.sin(angle)];
      return Number(v + noise * stream.normal(row, 2 + k) > 0.8 * Math.sin(2 * u));
    }),
  );
  const shownLabels = [values[0]!, thinned(values[1]!, rows, labels)];
  const side = Array.from({ length: SIZE }, (_, i) => REACH * ((2 * i + 1) / SIZE - 1));
  const points = Math.min(rows, ROWS_SHOWN);
  return numericToy(
    data,
    2,
    shownLabels.map((column, k) => ({ column: booleanColumn(NAMES[k]!, column), kind: 'binary' })),
    rows,
    {
      shown: numericFeatures(Float32Array.from(side.flatMap((y) => side.flatMap((x) => [x, y]))), 2),
      picture: {
        kind: 'plane',
        size: SIZE,
        reach: REACH,
        x: Array.from({ length: points }, (_, row) => data[2 * row]!),
        y: Array.from({ length: points }, (_, row) => data[2 * row + 1]!),
        labels: shownLabels.map((own) => [...own.slice(0, points)]),
      },
    },
  );
}

const NAMES = ['upright', 'turned'];
