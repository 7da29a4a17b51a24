import { RandomStream } from '../../../../src/common/random.ts';
import { stringColumn } from '../../../../src/data/index.ts';
import type { Settings } from '../settings.ts';
import { numericFeatures, numericToy, type Toy, type ToyProblem } from './problem.ts';

const SIDE = 12;
const PIXELS = SIDE * SIDE;
const VALIDATION = 200;
const IMAGES_SHOWN = 12;

/** The segments of each digit as on a pocket calculator: top, upper left, upper right, middle, lower left, lower right, bottom. */
const SEGMENTS = [
  '1110111',
  '0010010',
  '1011101',
  '1011011',
  '0111010',
  '1101011',
  '1101111',
  '1010010',
  '1111111',
  '1111011',
];

const TEN = SEGMENTS.map((_, digit) => String(digit));

/** [x, y, width, height] of a segment within a digit of 6 × 10 pixels. */
const PLACES = [
  [1, 0, 4, 1],
  [0, 1, 1, 4],
  [5, 1, 1, 4],
  [1, 5, 4, 1],
  [0, 6, 1, 4],
  [5, 6, 1, 4],
  [1, 10, 4, 1],
] as const;

/** Two digits over each other, moved about and under noise: which is the left one, which the right? */
export const digits: ToyProblem = {
  name: 'digits',
  title: 'Two digits in one picture',
  about: 'Seven-segment digits that overlap: which is the left one, which the right?',
  turns: ['rows', 'labels', 'noise'],
  make,
};

function make({ seed, rows, noise, labels }: Settings): Toy {
  const stream = new RandomStream(seed, 'playground/digits');
  const total = rows + VALIDATION;
  const data = new Float32Array(total * PIXELS);
  const values = [0, 1].map((k) => Array.from({ length: total }, (_, row) => stream.integer(10, row, k)));
  for (let row = 0; row < total; row++) {
    const image = data.subarray(row * PIXELS, (row + 1) * PIXELS);
    values.forEach((own, k) => {
      const move = (axis: number): number => stream.integer(2, 4 * row + 2 * k + axis, 2);
      draw(image, own[row]!, 4 * k + move(0), move(1));
    });
    for (let i = 0; i < PIXELS; i++) image[i]! += 2 * noise * stream.normal(row * PIXELS + i, 3);
  }
  const kept = Math.max(10, Math.round(labels * rows));
  const second = values[1]!.map((digit, row) => (row >= kept && row < rows ? undefined : digit));
  const shown = data.slice(rows * PIXELS, (rows + IMAGES_SHOWN) * PIXELS);
  return numericToy(
    data,
    PIXELS,
    [
      { column: digitColumn('left', values[0]!), kind: 'multiclass', options: { classes: TEN } },
      { column: digitColumn('right', second), kind: 'multiclass', options: { classes: TEN } },
    ],
    rows,
    {
      shown: numericFeatures(shown, PIXELS),
      picture: {
        kind: 'digits',
        side: SIDE,
        images: shown,
        labels: values.map((own) => own.slice(rows, rows + IMAGES_SHOWN)),
      },
    },
  );
}

const digitColumn = (
  name: string,
  values: readonly (number | undefined)[],
): ReturnType<typeof stringColumn> =>
  stringColumn(
    name,
    values.map((value) => value?.toString()),
  );

function draw(image: Float32Array, digit: number, left: number, top: number): void {
  PLACES.forEach(([x, y, width, height], segment) => {
    if (SEGMENTS[digit]![segment] === '0') return;
    for (let row = top + y; row < Math.min(SIDE, top + y + height); row++)
      for (let column = left + x; column < Math.min(SIDE, left + x + width); column++)
        image[row * SIDE + column] = 1;
  });
}
