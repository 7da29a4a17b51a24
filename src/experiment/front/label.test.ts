import { expect, test } from 'vitest';
import { preferenceLabel } from './label.ts';

test.each([
  [{ a: 0.95, b: 0.05 }, '95 : 5'],
  [{ a: 0.9 * 0.75 + 0.05, b: 0.9 * 0.25 + 0.05 }, '72 : 28'],
  [{ a: 0.9 * 0.25 + 0.05, b: 0.9 * 0.75 + 0.05 }, '28 : 72'],
  [{ a: 1 / 3, b: 1 / 3, c: 1 / 3 }, '33 : 33 : 33'],
  [{ a: 0.92, b: 0.02, c: 0.02, d: 0.02, e: 0.02 }, 'a 92 %'],
  [
    { a: 0.47, b: 0.02, c: 0.02, 'a name that goes on and on': 0.47, e: 0.02 },
    'a 47 %, a name that goes… 47 %',
  ],
  [{ a: 0.2, b: 0.2, c: 0.2, d: 0.2, e: 0.2 }, 'all alike'],
])('%j is %s', (preference, label) => {
  expect(preferenceLabel(preference)).toBe(label);
});
