// The engine by itself: one hidden layer learns its first two inputs, with a loop of one's own.
import { openRuntime } from 'polytask';
import * as pt from 'polytask/engine';

const wave = (size: number): number[] => Array.from({ length: size }, (_, i) => Math.sin(13 * i) / 2);
const x = pt.input('x', [64, 3], { role: 'step' });
const w1 = pt.input('w1', [3, 16], { role: 'state' });
const w2 = pt.input('w2', [16, 2], { role: 'state' });
const wanted = pt.slice(x, -1, 0, 2);
const error = pt.sub(pt.matmul(pt.tanh(pt.matmul(x, w1)), w2), wanted);
const losses = pt.reduceMean(pt.square(error), 0);
const adam = pt.parseOptimiser('adam');
const step = pt.minimise(losses, [w1, w2], adam, { losses });
const stepper = await (await openRuntime()).loadStep(pt.compileStep(step, { driver: 'looped' }));
const start = { w1: pt.tensorData(wave(48), [3, 16]), w2: pt.tensorData(wave(32), [16, 2]) };
await stepper.write(pt.startState(step, start));
for (let k = 0; k < 500; k += 100) {
  const rates = pt.scalarFeeds(adam, k + 1, new Array(100).fill(0.01));
  const batches = { x: pt.tensorData(wave(19_200), [100, 64, 3]) };
  const seen = await stepper.advance(100, { ...batches, ...rates });
  console.log(k, pt.numbers(seen.losses!).slice(-2).join(' '));
}
