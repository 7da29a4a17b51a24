import type { TensorData } from '../../../engine/index.ts';
import { FORMS, type FormName } from './forms.ts';

/** Σ ‖θₜ − θ̄‖² over the weights (or all), whose own part is s v. */
export function spread(
  theta: Record<string, TensorData>,
  strength: number,
  form: FormName,
  of: string = 'weight',
): number {
  const scale = 1 / Math.sqrt(1 + FORMS[form].curvature(strength, 3));
  return Object.entries(theta)
    .filter(([name]) => name.endsWith(`${of}/deviation`))
    .reduce((sum, [, { data, shape }]) => {
      const size = data.length / shape[0]!;
      const values = Array.from(data as Float32Array, (value) => scale * value);
      const mean = (i: number): number => (values[i]! + values[size + i]! + values[2 * size + i]!) / 3;
      return sum + values.reduce((own, value, i) => own + (value - mean(i % size)) ** 2, 0);
    }, 0);
}
