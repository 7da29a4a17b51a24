import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RandomStream } from '../../src/common/random.ts';
import { polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';

/** Two models, two seeds, dropout, a plateau schedule: everything that has a state to lose. */
const FIT = ['fit', 'rows.csv', '--task', 'flag', '--task', 'amount', '--task', 'size', '--seeds', '2'];
const LENGTH = [
  '--epochs',
  '150',
  '--set',
  'training.patience=100',
  '--set',
  'training.epochsPerEvaluation=2',
];
const KILLS = 20;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-kills-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(600)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every byte that a run's numbers leave behind: the model, and all of training in its checkpoints. */
function bytesOf(out: string): Record<string, unknown> {
  const read = (name: string): Buffer => readFileSync(join(folder, out, name));
  const { multi, independent, diagnosis } = JSON.parse(read('result.json').toString('utf8'));
  const scores = ({ test, validation, allMetrics }: Record<string, unknown>) => ({
    test,
    validation,
    allMetrics,
  });
  return {
    model: read('model/model.onnx').toString('base64'),
    encoders: read('model/encoders.json').toString('utf8'),
    multi: scores(multi),
    independent: scores(independent),
    delta: diagnosis.delta,
  };
}

/** Starts or resumes a run and kills it after a while; tells whether it was still running. */
async function attempt(out: string, milliseconds: number): Promise<'killed' | 'finished'> {
  const begun = existsSync(join(folder, out, 'run.json'));
  if (!begun) rmSync(join(folder, out), { recursive: true, force: true });
  const args = begun ? ['resume', out] : [...FIT, ...LENGTH, '--out', out];
  const { code } = await polytask([...args, '--json'], {
    cwd: folder,
    onStart: (child) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
      child.on('close', () => clearTimeout(timer));
    },
  });
  if (code === null) return 'killed';
  expect(code).toBe(0);
  return 'finished';
}

test(`${KILLS} kills at random instants: every run ends bit-identical to one that was left alone`, async () => {
  expect((await polytask([...FIT, ...LENGTH, '--out', 'whole', '--json'], { cwd: folder })).code).toBe(0);
  const whole = bytesOf('whole');
  const random = new RandomStream(11, 'kills');
  let kills = 0;
  for (let run = 0; kills < KILLS; run++) {
    const out = `run-${run}`;
    // From before the first file to the middle of training; a run takes several attempts.
    for (let state = 'killed'; state !== 'finished'; ) {
      const limit = kills < KILLS ? 500 + 1500 * random.uniform(kills) : 600_000;
      if ((state = await attempt(out, limit)) === 'killed') kills++;
    }
    expect(bytesOf(out)).toEqual(whole);
  }
  expect(kills).toBeGreaterThanOrEqual(KILLS);
}, 240_000);
