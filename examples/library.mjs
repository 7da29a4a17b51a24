// node examples/library.mjs (after npm run build)
// Rows in memory, two tasks, a verdict, and predictions from the better model.
import { binary, fit, regression } from 'polytask';

const rows = Array.from({ length: 2000 }, (_, i) => {
  const distance = (i * 37) % 100;
  const rain = (i * 101) % 10 < 3;
  const minutes = 10 + distance * 0.6 + (rain ? 12 : 0) + ((i * 53) % 9);
  return { distance, rain, weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'][i % 5], minutes, late: minutes > 55 };
});

const { result, model } = await fit({
  data: rows,
  tasks: { minutes: regression(), late: binary() },
  training: { maxEpochs: 15 },
});
console.log(result.diagnosis.words.join(' '));

const prediction = await model.predict({ distance: 80, rain: true, weekday: 'Mon' });
console.log(
  `${prediction.minutes.value.toFixed(0)} minutes; late with probability ${prediction.late.probability.toFixed(2)}`,
);
await model.close();
