import { expect, test } from 'vitest';
import type { Architecture } from '../model/index.ts';
import { architectureLines, methodLines } from './architecture.ts';

const architecture: Architecture = {
  sharing: {
    name: 'x',
    title: 'Some sharing',
    about: 'Shares a little.',
    options: { experts: 2, hidden: [64, 32] },
  },
  tasks: 2,
  sketch: { blocks: [], links: [], outputs: {} },
  parameters: {
    total: 2000,
    shared: 1000,
    experts: { 'expert 0': 250, 'expert 1': 250 },
    tasks: { income: 400, 'hours a week': 100 },
  },
  parts: [
    { part: 'trunk', total: 1500, shared: 1000, experts: 500, tasks: 0 },
    { part: 'heads', total: 500, shared: 0, experts: 0, tasks: 500 },
  ],
  flops: 12_345,
};

test('an architecture, line by line', () => {
  expect(architectureLines(architecture).join('\n')).toBe(`Some sharing: Shares a little.
  experts: 2
  hidden: 64+32

parameters 2,000
  shared        1,000  50.0 %
  2 experts       500  25.0 %  250 each
  income          400  20.0 %
  hours a week    100   5.0 %

parts
  trunk  1,500  75.0 %  shared, experts
  heads    500  25.0 %  tasks

12,345 floating-point operations to predict a row`);
});

test('many tasks are one line', () => {
  const tasks = Object.fromEntries(Array.from({ length: 139 }, (_, t) => [`t${t}`, 10 + (t % 3)]));
  const lines = architectureLines({
    ...architecture,
    parameters: { total: 1528, shared: 0, experts: {}, tasks },
  });
  expect(lines).toContain('  139 tasks  1,528  100.0 %  10 to 12 each');
  expect(lines.some((line) => line.includes('t17'))).toBe(false);
});

test('nothing to own is nothing to tell', () => {
  const parameters = { total: 0, shared: 0, experts: {}, tasks: {} };
  expect(architectureLines({ ...architecture, parameters, parts: [] }).join('\n')).not.toMatch(
    /NaN|Infinity/,
  );
});

test('what else a model is made by, as the command line takes it', () => {
  const parents = [
    ['visit', 'buy'],
    ['visit', 'spend'],
  ];
  expect(
    methodLines({
      flow: { name: 'conditional', parents, gradients: true },
      conditioning: 'film:at=input+0',
      descriptor: 'one-hot',
    }),
  ).toEqual([
    'flow conditional:parents=visit>buy+visit>spend,gradients=true',
    'conditioning film:at=input+0',
    'descriptor one-hot',
  ]);
  expect(methodLines({ flow: 'none' })).toEqual([]);
});
