import { PolytaskError } from '../../common/error.ts';
import type { HeldAnswers } from '../mediation.ts';
import type { Port } from '../program.ts';
import { type ConstantData, formatShape } from '../tensor.ts';
import type { TensorData } from '../tensor-data.ts';

/** What a feed looks like once its handle, if it is one, has been looked up. */
export interface Described {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/**
 * Checks one feed against its port before ONNX Runtime sees it, whose own messages name no layer.
 *
 * @param steps the size that the leading axis `steps` must have
 */
export function checkFeed(program: string, port: Port, feed: Described, steps?: number): void {
  const wanted = port.shape.map((dim) => (dim === 'steps' && steps !== undefined ? steps : dim));
  const fits =
    feed.shape.length === wanted.length &&
    wanted.every((dim, axis) => typeof dim === 'string' || dim === feed.shape[axis]);
  if (feed.dtype === port.dtype && fits) return;
  throw new PolytaskError('shape-mismatch', {
    path: `${program}/${port.name}`,
    expected: `${port.dtype} ${formatShape(wanted)}`,
    found: `${feed.dtype} ${formatShape(feed.shape)}`,
    help: 'The fed tensor must have the dtype and shape of the input.',
  });
}

/** The feed of a port, or an error that lists what was fed. */
export function feedOf<F>(program: string, port: Port, feeds: Readonly<Record<string, F>>): F {
  const feed = feeds[port.name];
  if (feed !== undefined) return feed;
  throw new PolytaskError('input-missing', {
    path: `${program}/${port.name}`,
    expected: `an input "${port.name}" of ${port.dtype} ${formatShape(port.shape)}`,
    found: `inputs ${Object.keys(feeds).join(', ') || 'none'}`,
    help: 'Feed every input that the program lists.',
  });
}

/** Checks that the elements are as many as the shape says. */
export function checkSize(name: string, { shape, data }: TensorData): void {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size === data.length) return;
  throw new PolytaskError('shape-mismatch', {
    path: name,
    expected: `${size} elements for shape ${formatShape(shape)}`,
    found: `${data.length}`,
    help: 'The product of the shape must be the number of elements.',
  });
}

/** The inputs of some steps: rows [from, to) of every per-step tensor, as views. */
export function rowsOf(
  inputs: Readonly<Record<string, TensorData>>,
  ports: readonly Port[],
  from: number,
  to: number,
): Record<string, TensorData> {
  const rows: Record<string, TensorData> = {};
  for (const { name } of ports) {
    const { dtype, shape, data } = inputs[name]!;
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    rows[name] = {
      dtype,
      shape: [to - from, ...shape.slice(1)],
      data: data.subarray(from * size, to * size),
    };
  }
  return rows;
}

/** The inputs of step k: row k of every per-step tensor, as views. */
export function rowOf(
  inputs: Readonly<Record<string, TensorData>>,
  ports: readonly Port[],
  k: number,
): Record<string, TensorData> {
  const rows = rowsOf(inputs, ports, k, k + 1);
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, { ...row, shape: row.shape.slice(1) }]),
  );
}

/** A copy that shares no memory with the original. */
export function copyOf({ dtype, shape, data }: TensorData): TensorData {
  return { dtype, shape: [...shape], data: data.slice() };
}

/** Answers that are the same in each of some steps, as per-step inputs. */
export function repeated({ steps, answers }: HeldAnswers): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => {
      const one = { ...answer, shape: [1, ...answer.shape] };
      return [name, joined(new Array<TensorData>(steps).fill(one))];
    }),
  );
}

/** Per-step values of some steps, and those of the steps after them. */
export function joined(parts: readonly TensorData[]): TensorData {
  const [first] = parts as [TensorData];
  const steps = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const data = emptyLike(first.data, (first.data.length / first.shape[0]!) * steps);
  let at = 0;
  for (const part of parts) {
    (data as Float32Array).set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return { dtype: first.dtype, shape: [steps, ...first.shape.slice(1)], data };
}

export function emptyLike(data: ConstantData, length: number): ConstantData {
  return new (data.constructor as new (length: number) => ConstantData)(length);
}
