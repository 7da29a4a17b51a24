// Predicts in the page: nothing that is typed here leaves it.
import { load } from './polytask/browser.mjs';

const [form, answer] = ['form', 'answer'].map((id) => document.getElementById(id));
const model = await load(new URL('cafe.onnx', import.meta.url));

// The model says what it takes: a field for each column, with what is typical of it.
for (const { name, type, typical, categories } of model.signature.inputs) {
  const label = form.appendChild(document.createElement('label'));
  const field = document.createElement(categories === undefined ? 'input' : 'select');
  label.append(name, field);
  field.name = name;
  for (const category of categories ?? []) field.append(new Option(category));
  if (type === 'boolean') [field.type, field.checked] = ['checkbox', typical === true];
  else field.value = typical;
  if (type === 'number') [field.type, field.step] = ['number', 'any'];
}

const cellOf = ({ type, checked, value }) => {
  if (type === 'checkbox') return checked;
  return type === 'number' ? (value === '' ? null : Number(value)) : value;
};

async function show() {
  const row = Object.fromEntries([...form.elements].map((field) => [field.name, cellOf(field)]));
  const { cups, queue } = await model.predict(row);
  const percent = Math.round(100 * queue.probability);
  answer.textContent = `${Math.round(cups.value)} cups, ${percent} % that there will be a queue`;
}

form.addEventListener('input', show);
await show();
