import { expect, test } from 'vitest';
import { bytes, duration, milliseconds, score, signed, truncate, whole } from './format.ts';

test.each([
  [0.81234, 0.78, '0.812'],
  [0.41314, 0.41263, '0.4131'],
  [0.9, null, '0.900'],
  [341.7, 360, '342'],
  [12345.6, null, '12,346'],
  [11.42, 11.03, '11.4'],
  [-0.25, null, '−0.250'],
  [0, null, '0'],
  [1e-9, null, '1.00e−9'],
  [2.5e9, null, '2.50e+9'],
  [null, 1, '–'],
  [Number.NaN, 1, '–'],
])('score %s beside %s: %s', (value, other, text) => {
  expect(score(value, other)).toBe(text);
});

test('signed amounts have a sign unless they round to none', () => {
  expect([2.06, -3, 0.04, -0.04, 12.4, -1234.5].map(signed)).toEqual([
    '+2.1',
    '−3.0',
    '0.0',
    '0.0',
    '+12',
    '−1,235',
  ]);
});

test('sizes and times', () => {
  expect([12, 142_000, 1_960_000, 3e9].map(bytes)).toEqual(['12 bytes', '142 kB', '2.0 MB', '3.0 GB']);
  expect([0.02, 3.14, 61, 600, 9000].map(duration)).toEqual(['20 ms', '3.1 s', '61 s', '10 min', '2.5 h']);
  expect([0.041, 0.1604, 4.6, 1200].map(milliseconds)).toEqual(['41 µs', '160 µs', '4.6 ms', '1.2 s']);
  expect(whole(4_142_200)).toBe('4\u202f142\u202f200');
  expect(truncate('😀😀😀', 2)).toBe('😀…');
});
