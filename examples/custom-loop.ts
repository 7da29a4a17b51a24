// The engine by itself: two regressions on one hidden layer, with a loop of one's own.
import { openRuntime } from 'polytask';
import {
  add,
  compileStep,
  gradient,
  input,
  matmul,
  mul,
  reduceMean,
  relu,
  square,
  sub,
  tensorData,
} from 'polytask/engine';

const x = input('x', [64, 3], { role: 'step' });
const y = input('y', [64, 2], { role: 'step' });
const theta = [
  input('w1', [3, 16], { role: 'state' }),
  input('b1', [1, 16], { role: 'state' }),
  input('w2', [16, 2], { role: 'state' }),
];
const hidden = relu(add(matmul(x, theta[0]!), theta[1]!));
const losses = reduceMean(square(sub(matmul(hidden, theta[2]!), y)), 0);
const gradients = gradient(losses, theta);
const state = theta.map((leaf, i) => ({ leaf, next: sub(leaf, mul(gradients[i]!, 0.05)) }));
const stepper = await (await openRuntime()).loadStep(
  compileStep({ state, outputs: { losses } }, { driver: 'looped' }),
);
const noise = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i * 12.9898) * 0.5);
await stepper.write({
  w1: tensorData(noise(48, 1), [3, 16]),
  b1: tensorData(new Float32Array(16), [1, 16]),
  w2: tensorData(noise(32, 2), [16, 2]),
});
for (let epoch = 0; epoch < 5; epoch++) {
  const inputs = noise(100 * 64 * 3, 7);
  const targets = Float32Array.from(
    { length: 100 * 64 * 2 },
    (_, i) => inputs[3 * (i >> 1)]! * (i % 2 ? 1 : -1),
  );
  const { losses: seen } = await stepper.advance(100, {
    x: tensorData(inputs, [100, 64, 3]),
    y: tensorData(targets, [100, 64, 2]),
  });
  console.log(epoch, Array.from(seen!.data.slice(-2) as Float32Array, (value) => value.toFixed(5)).join(' '));
}
