// Writes cafe.onnx, the model in one file, and what it predicts of three days, to compare with.
import { writeFile } from 'node:fs/promises';
import { load } from 'polytask';
import { makeDays, trainCafe } from '../cafe.mjs';

const file = new URL('cafe.onnx', import.meta.url);
await trainCafe(file);
const model = await load(file.pathname);
const days = makeDays(3, 7).map(({ weekday, temperature, event }) => ({ weekday, temperature, event }));
days[2].weekday = 'Holiday';
const predictions = await model.predict(days);
await writeFile(new URL('days.json', import.meta.url), JSON.stringify({ days, predictions }, null, 2));
await model.close();
