import { pick } from '../lib/data.mjs';
import { layerShapes } from '../lib/sizes.mjs';

/** The same network in TensorFlow.js on its wasm backend: `optimizer.minimize` of the summed mean squared errors. */
export async function tensorflow(size, table, { rows, theta, learningRate }) {
  const tf = await import('@tensorflow/tfjs-core');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  // Brings the gradients along; the core alone has none in Node.
  await import('@tensorflow/tfjs-layers');
  const { createRequire } = await import('node:module');
  const { dirname } = await import('node:path');
  const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  wasm.setWasmPaths(`${dirname(packageFile)}/dist/`);
  await tf.setBackend('wasm');
  await tf.ready();

  let start = 0;
  const cut = (shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return tf.variable(tf.tensor(theta.slice(start, (start += length)), shape));
  };
  const layers = layerShapes(size).map((shape) => ({ weight: cut(shape), bias: cut([shape[1]]) }));
  const { batch, inputs, tasks } = size;
  const x = tf.tensor2d(pick(table.features, inputs, rows), [batch, inputs]);
  const y = tf.tensor2d(pick(table.labels, tasks, rows), [batch, tasks]);
  const optimiser = tf.train.adam(learningRate);
  let perTask;
  const loss = () => {
    let h = x;
    layers.forEach(({ weight, bias }, layer) => {
      const z = tf.add(tf.matMul(h, weight), bias);
      h = layer < layers.length - 1 ? tf.relu(z) : z;
    });
    const losses = tf.mean(tf.squaredDifference(h, y), 0);
    perTask?.dispose();
    perTask = tf.keep(losses.clone());
    return tf.sum(losses);
  };
  return {
    name: 'tensorflow',
    take: async (steps) => {
      for (let k = 0; k < steps; k++) {
        const value = optimiser.minimize(loss, true);
        if (k === steps - 1) await value.data();
        value.dispose();
      }
    },
    losses: async () => [...(await perTask.data())],
    close: async () => tf.disposeVariables(),
  };
}
