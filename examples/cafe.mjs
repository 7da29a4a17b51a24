// The problem of three examples: a café wants to know how a day will be. Two tasks from what is known the evening before.
import { rmSync } from 'node:fs';
import { binary, exportModel, fit, regression } from 'polytask';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Days of a café: more cups when it is cold, at weekends and around events; a queue where there are many at once. */
export function makeDays(count, seed = 1) {
  // A small generator of random numbers (mulberry32), so that every run of an example has the same days.
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Array.from({ length: count }, (_, i) => {
    const weekday = WEEKDAYS[i % 7];
    const temperature =
      Math.round(10 * (12 + 12 * Math.sin((2 * Math.PI * i) / 365) + 8 * (random() - 0.5))) / 10;
    const event = random() < 0.2;
    const weekend = weekday === 'Sat' || weekday === 'Sun';
    const cups = Math.round(
      150 - 2 * temperature + (weekend ? 60 : 0) + (event ? 40 : 0) + 20 * (random() - 0.5),
    );
    return { weekday, temperature, event, cups, queue: cups + 30 * (random() - 0.5) > 170 };
  });
}

/** Trains on some days, within seconds, and writes the model as one file. */
export async function trainCafe(file) {
  const out = new URL('run', file);
  for (const old of [out, file]) rmSync(old, { recursive: true, force: true });
  const { model } = await fit({
    data: makeDays(1000),
    tasks: { cups: regression(), queue: binary() },
    model: { hidden: [32, 16], dropout: 0 },
    training: { maxEpochs: 30, learningRate: 0.01 },
    seeds: 1,
    baseline: false,
    out: out.pathname,
  });
  await model.close();
  return exportModel(out.pathname, { out: new URL(file).pathname });
}
