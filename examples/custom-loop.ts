// The engine by itself: two regressions on one hidden layer, with a loop of one's own.
import { openRuntime } from 'polytask';
import * as pt from 'polytask/engine';

const wave = (size: number): number[] => Array.from({ length: size }, (_, i) => Math.sin(12.9898 * i) / 2);
const x = pt.input('x', [64, 3], { role: 'step' });
const y = pt.input('y', [64, 2], { role: 'step' });
const w1 = pt.input('w1', [3, 16], { role: 'state' });
const w2 = pt.input('w2', [16, 2], { role: 'state' });
const losses = pt.reduceMean(pt.square(pt.sub(pt.matmul(pt.tanh(pt.matmul(x, w1)), w2), y)), 0);
const adam = pt.parseOptimiser('adam');
const step = pt.minimise(losses, [w1, w2], adam, { losses });
const stepper = await (await openRuntime()).loadStep(pt.compileStep(step, { driver: 'looped' }));
const start = { w1: pt.tensorData(wave(48), [3, 16]), w2: pt.tensorData(wave(32), [16, 2]) };
await stepper.write(pt.startState(step, start));
const batch = { x: pt.tensorData(wave(19_200), [100, 64, 3]), y: pt.tensorData(wave(12_800), [100, 64, 2]) };
for (let k = 0; k < 500; k += 100) {
  const rates = pt.scalarFeeds(adam, k + 1, new Array(100).fill(0.01));
  const seen = await stepper.advance(100, { ...batch, ...rates });
  console.log(k, pt.numbers(seen.losses!).slice(-2).join(' '));
}
