import { expect, test } from 'vitest';
import { studentCdf, studentQuantile } from './student.ts';

test.each([
  [1, 0.975, 12.7062047],
  [2, 0.975, 4.3026527],
  [3, 0.975, 3.1824463],
  [4, 0.975, 2.7764451],
  [9, 0.975, 2.2621572],
  [29, 0.975, 2.0452296],
  [100, 0.975, 1.983971519],
  [1000, 0.975, 1.962339081],
  [2, 0.9995, 31.5990546],
  [5, 0.95, 2.0150484],
  [10, 0.75, 0.6998121],
])('t(%i freedom, %f) is that of the tables', (freedom, p, expected) => {
  expect(Math.abs(studentQuantile(p, freedom) - expected)).toBeLessThan(1e-6);
  expect(studentQuantile(1 - p, freedom)).toBeCloseTo(-expected, 6);
});

test('one and two degrees of freedom follow their closed forms', () => {
  for (const t of [-30, -2, -0.1, 0, 0.5, 3, 400]) {
    expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
    expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12);
  }
});

test('the quantile inverts the distribution function', () => {
  for (const freedom of [1, 2, 3.5, 8, 60, 5000])
    for (const p of [0.001, 0.2, 0.5, 0.9, 0.99999])
      expect(studentCdf(studentQuantile(p, freedom), freedom)).toBeCloseTo(p, 11);
});
