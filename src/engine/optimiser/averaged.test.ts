import { expect, test } from 'vitest';
import { input } from '../leaf.ts';
import { minimise, startState } from '../minimise.ts';
import { square, sub } from '../operators/index.ts';
import { compileStep } from '../step.ts';
import { numbers, tensorData } from '../tensor-data.ts';
import { AVERAGE, averaged } from './averaged.ts';
import { scalarFeeds } from './feeds.ts';
import { runtime } from './run.test-support.ts';
import { sgd } from './sgd.ts';

test('the average is the weighted mean of the parameters so far, and does not touch them', async () => {
  const decay = 0.6;
  const optimiser = averaged(sgd(), decay);
  const w = input('w', [2], { role: 'state' });
  const step = minimise(square(sub(w, 3)), [w], optimiser);
  const stepper = await runtime.loadStep(compileStep(step, { driver: 'stepwise' }));
  await stepper.bind({});
  await stepper.write(startState(step, { w: tensorData([1, -4], [2]) }));
  const [theta, weighted] = [
    [1, -4],
    [0, 0],
  ];
  let total = 0;
  for (let t = 1; t <= 12; t++) {
    await stepper.advance(1, scalarFeeds(optimiser, t, [0.1]));
    const d = Math.min(decay, (1 + t) / (10 + t));
    total = d * total + (1 - d);
    const state = await stepper.read();
    [0, 1].forEach((i) => {
      theta[i]! -= 0.2 * (theta[i]! - 3);
      weighted[i] = d * weighted[i]! + (1 - d) * theta[i]!;
      expect(numbers(state.w!)[i]).toBeCloseTo(theta[i]!, 5);
      expect(numbers(state[`w/${AVERAGE}`]!)[i]).toBeCloseTo(weighted[i]! / total, 5);
    });
  }
  await stepper.close();
});

test('a decay out of range is refused', () => {
  expect(() => averaged(sgd(), 1)).toThrow('optimiser-invalid at average.decay');
});
