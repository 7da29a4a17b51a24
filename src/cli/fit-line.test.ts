import { expect, test } from 'vitest';
import { parseConfig, type RunConfig, withSettings } from '../experiment/index.ts';
import { fitLine } from './fit-line.ts';

const config = (more: object = {}): RunConfig =>
  parseConfig({ data: 'rows.csv', tasks: { a: {}, 'b c': { kind: 'regression' } }, ...more });
const line = (more: object = {}): string | undefined => fitLine(config(more), '/data', '/data');

test('a config is a command line with what is not the default', () => {
  expect(line()).toBe("polytask fit rows.csv --task a --task 'b c:regression'");
  expect(
    line({
      model: { sharing: 'mmoe:experts=4', hidden: [32, 16], tower: [8], dropout: 0 },
      objective: 'uncertainty',
      training: { maxEpochs: 20, optimiser: { kind: 'sgd' } },
      exclude: ['id'],
      seeds: 5,
      split: '0.5/0.25/0.25',
    }),
  ).toBe(
    "polytask fit rows.csv --task a --task 'b c:regression' --exclude id --split 0.5/0.25/0.25 --sharing mmoe:experts=4 --hidden 32,16 --set 'model.tower=[8]' --set model.dropout=0 --objective uncertainty --epochs 20 --set 'training.optimiser={\"kind\":\"sgd\"}' --seeds 5",
  );
});

test('advice changes one thing of it', () => {
  const changed = withSettings(config(), [{ path: 'model.sharing', value: 'shared-bottom:split=1' }]);
  expect(fitLine(changed, '/data', '/data')).toContain(' --sharing shared-bottom:split=1');
  const weights = withSettings(config(), [
    { path: 'training.optimiser', value: { kind: 'adamw', weightDecay: 0.1 } },
  ]);
  expect(fitLine(weights, '/data', '/data')).toContain(
    `--set 'training.optimiser={"kind":"adamw","weightDecay":0.1}'`,
  );
});

test('paths start from here', () => {
  expect(fitLine(config(), '/data/people', '/data')).toContain('polytask fit people/rows.csv --task');
  expect(fitLine(config({ data: { database: 'x.db', table: 't' } }), '/data', '/')).toContain(
    'polytask fit --database data/x.db --table t --task',
  );
});

test('options of tasks, splits by group', () => {
  const own = { tasks: { 'a.b': { positive: 'yes' } }, split: { group: 'patient', ratio: '0.6/0.2/0.2' } };
  expect(line(own)).toBe(
    `polytask fit rows.csv --task a.b --set 'tasks.a\\.b.positive="yes"' --set 'split.ratio="0.6/0.2/0.2"' --group patient`,
  );
  expect(line({ objective: 'uncertainty+cagrad:c=0.4' })).toMatch(/ --objective uncertainty\+cagrad:c=0.4$/);
  expect(line({ split: { column: 'side' } })).toContain('--split side');
});

test('what no command line can say', () => {
  expect(line({ data: [{ a: 1 }] })).toBeUndefined();
  expect(line({ tasks: { a: { column: 'b' } } })).toBeUndefined();
  expect(fitLine(config({ data: { sql: 'SELECT 1' } }), '/data', '/elsewhere')).toBeUndefined();
});
