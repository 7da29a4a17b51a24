import { expect } from 'vitest';
import { numbers, type TensorData } from '../tensor-data.ts';
import type { Nd } from './nd.ts';

export const ndOf = (tensor: TensorData): Nd => ({ shape: tensor.shape, data: numbers(tensor) });

/** Equal shapes, and elements within tolerance · (1 + |expected|); infinities and NaN must coincide. */
export function expectClose(actual: Nd, expected: Nd, tolerance: number, label: string): void {
  expect(actual.shape, `${label}: shape`).toEqual([...expected.shape]);
  expect(actual.data.length, `${label}: size`).toBe(expected.data.length);
  const far = actual.data.findIndex((value, i) => {
    const other = expected.data[i]!;
    return !Object.is(value, other) && !(Math.abs(value - other) <= tolerance * (1 + Math.abs(other)));
  });
  if (far !== -1)
    expect.fail(
      `${label}: element ${far} is ${actual.data[far]}, expected ${expected.data[far]} within ${tolerance}` +
        `\n  actual   ${actual.data.slice(0, 24).join(' ')}\n  expected ${expected.data.slice(0, 24).join(' ')}`,
    );
}
