import { pick } from '../lib/data.mjs';
import { BareGraph } from '../lib/onnx.mjs';
import { layerShapes } from '../lib/sizes.mjs';
import { openSession, ort } from './session.mjs';

const BETA1 = 0.9;
const BETA2 = 0.999;

/** One step of the network as somebody would write it by hand: forward, backward, Adam. */
export function writeStep(size) {
  const { batch, inputs, tasks } = size;
  const graph = new BareGraph();
  const shapes = layerShapes(size).flatMap((shape) => [shape, [shape[1]]]);
  const lengths = shapes.map((shape) => shape.reduce((a, b) => a * b, 1));
  const total = lengths.reduce((a, b) => a + b, 0);
  const x = graph.input('x', [batch, inputs]);
  const y = graph.input('y', [batch, tasks]);
  const [stepSize, epsilon] = ['step size', 'epsilon'].map((name) => graph.input(name, []));
  const parameters = shapes.map((shape, i) => graph.input(`p${i}`, shape));
  const [m, v] = ['m', 'v'].map((name) => graph.input(name, [total]));

  const h = [x];
  const z = [0, 1, 2].map((layer) => {
    const sum = graph.op('Gemm', [h[layer], parameters[2 * layer], parameters[2 * layer + 1]]);
    if (layer < 2) h.push(graph.op('Relu', [sum]));
    return sum;
  });
  const error = graph.op('Sub', [z[2], y]);
  const loss = graph.op('ReduceMean', [graph.op('Mul', [error, error]), graph.int64s([0])], { keepdims: 0 });

  const gradients = [];
  let dz = graph.op('Mul', [error, graph.scalar(2 / batch)]);
  for (let layer = 2; layer >= 0; layer--) {
    gradients[2 * layer] = graph.op('Gemm', [h[layer], dz], { transA: 1 });
    gradients[2 * layer + 1] = graph.op('ReduceSum', [dz, graph.int64s([0])], { keepdims: 0 });
    if (layer === 0) break;
    const dh = graph.op('Gemm', [dz, parameters[2 * layer]], { transB: 1 });
    const open = graph.op('Cast', [graph.op('Greater', [z[layer - 1], graph.scalar(0)])], { to: 1 });
    dz = graph.op('Mul', [dh, open]);
  }

  const flat = gradients.map((gradient) => graph.op('Reshape', [gradient, graph.int64s([-1])]));
  const g = graph.op('Concat', flat, { axis: 0 });
  const blend = (old, fresh, beta) =>
    graph.op('Add', [
      graph.op('Mul', [old, graph.scalar(beta)]),
      graph.op('Mul', [fresh, graph.scalar(1 - beta)]),
    ]);
  const nextM = blend(m, g, BETA1);
  const nextV = blend(v, graph.op('Mul', [g, g]), BETA2);
  const quotient = graph.op('Div', [nextM, graph.op('Add', [graph.op('Sqrt', [nextV]), epsilon])]);
  const change = graph.ops(
    'Split',
    [graph.op('Mul', [quotient, stepSize]), graph.int64s(lengths)],
    { axis: 0 },
    6,
  );
  parameters.forEach((parameter, i) => {
    const own = graph.op('Reshape', [change[i], graph.int64s(shapes[i])]);
    graph.output(graph.op('Sub', [parameter, own]), `p${i}/next`, shapes[i]);
  });
  graph.output(nextM, 'm/next', [total]);
  graph.output(nextV, 'v/next', [total]);
  graph.output(loss, 'loss', [tasks]);
  return { bytes: graph.bytes(), shapes, lengths, total };
}

/** The written-out step, one run a step, on one fixed batch; what a run returns is fed to the next. */
export async function handwritten(size, table, { threads, rows, theta, learningRate }) {
  const { bytes, shapes, lengths, total } = writeStep(size);
  const session = await openSession(bytes, threads);
  const tensor = (data, dims) => new ort.Tensor('float32', data, dims);
  let start = 0;
  const state = Object.fromEntries(
    shapes.map((shape, i) => {
      const own = tensor(theta.slice(start, (start += lengths[i])), shape);
      return [`p${i}`, own];
    }),
  );
  state.m = tensor(new Float32Array(total), [total]);
  state.v = tensor(new Float32Array(total), [total]);
  const { batch, inputs, tasks } = size;
  const x = tensor(pick(table.features, inputs, rows), [batch, inputs]);
  const y = tensor(pick(table.labels, tasks, rows), [batch, tasks]);
  let step = 0;
  let losses;
  return {
    name: 'handwritten',
    take: async (steps) => {
      for (let k = 0; k < steps; k++) {
        step++;
        const q = Math.sqrt(1 / (1 - BETA2 ** step));
        const stepSize = tensor(Float32Array.of(learningRate / ((1 - BETA1 ** step) * q)), []);
        const epsilon = tensor(Float32Array.of(1e-8 / q), []);
        const next = await session.run({ ...state, x, y, 'step size': stepSize, epsilon });
        for (const name of Object.keys(state)) state[name] = next[`${name}/next`];
        losses = next.loss.data;
      }
    },
    losses: () => [...losses],
    close: () => session.release(),
  };
}
