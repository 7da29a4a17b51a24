import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { succeed, WIDE } from '../e2e/wide.ts';
import { sampleRows, toCsv } from '../support/sample.ts';

/** A short run of the built command line over a task of every kind; returns the folder that holds `run/`. */
export async function quickRun(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'polytask-browser-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(200)));
  const settings = [
    '--split',
    'side',
    '--exclude',
    'school,patient,importance',
    '--epochs',
    '3',
    '--seeds',
    '2',
  ];
  await succeed(folder, 'fit', 'rows.csv', ...WIDE, ...settings, '--out', 'run');
  return folder;
}
