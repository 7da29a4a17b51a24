// Two tasks from rows in memory: the whole of it.
import { binary, fit, regression } from 'polytask';

const rows = Array.from({ length: 600 }, (_, i) => {
  const [age, hours] = [20 + ((i * 7) % 45), 20 + ((i * 13) % 40)];
  const trade = ['nurse', 'clerk', 'smith'][i % 3]!;
  const wage = 400 * hours + 300 * age + (trade === 'smith' ? 5000 : 0) + 997 * (i % 11);
  return { age, hours, trade, wage, wealthy: wage > 36_000 };
});

const { result, model } = await fit({
  data: rows,
  tasks: { wealthy: binary(), wage: regression() },
});
console.log(result.diagnosis?.words.join(' '));

const prediction = await model.predict({ age: 41, hours: 38, trade: 'nurse' });
console.log(prediction.wealthy.probability, prediction.wage.value);
await model.close();
