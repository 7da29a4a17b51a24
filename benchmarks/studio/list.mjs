import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frames, median, openBrowser, openStudio, quantile, sleep } from './lib.mjs';

const RUNS = 500;
const POINTS = 10_000;
const ROUNDS = 5;

/**
 * A folder of 500 runs, each with 10,000 points in its journal and in its curves: from the address to the list, scrolling it, and from
 * there to one of the runs. The studio is begun anew in each round, so that it knows nothing of the folder.
 */
export async function measureList({ folder, cli }) {
  const points = makeRuns(folder, cli);
  const browser = await openBrowser();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const studio = await openStudio(cli, folder, 'runs');
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    try {
      const listed = await timed(async () => {
        await page.goto(studio.url);
        await page.getByText(`${RUNS} of ${RUNS} runs`).waitFor();
      });
      const scrolling = page.evaluate(async () => {
        const box = document.querySelector('section.scroll');
        const start = performance.now();
        await new Promise((done) => {
          const move = () => {
            const far = (performance.now() - start) / 3000;
            box.scrollTop = far * (box.scrollHeight - box.clientHeight);
            if (far < 1) requestAnimationFrame(move);
            else done();
          };
          move();
        });
      });
      const gaps = await frames(page, 2900);
      await scrolling;
      await page.getByLabel('Filter').fill('run-007');
      const opened = await timed(async () => {
        await page.getByRole('link', { name: 'run-007' }).click();
        await page.locator('.verdict .answer').waitFor();
      });
      rounds.push({
        listedMs: listed,
        openedMs: opened,
        framesPerSecond: (1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0),
        slowFrameMs: quantile(gaps, 0.99),
      });
    } finally {
      await page.close();
      studio.close();
      await sleep(200);
    }
  }
  await browser.close();
  const over = (key) => median(rounds.map((round) => round[key]));
  return {
    runs: RUNS,
    points,
    listedMs: over('listedMs'),
    worstListedMs: Math.max(...rounds.map(({ listedMs }) => listedMs)),
    openedMs: over('openedMs'),
    scroll: { framesPerSecond: over('framesPerSecond'), slowFrameMs: over('slowFrameMs') },
    rounds,
  };
}

/** One real run whose curves are made longer; the others have its large files in common with it. */
function makeRuns(folder, cli) {
  const rows = Array.from({ length: 300 }, (_, i) =>
    [Math.sin(i), Math.cos(3 * i), Math.sin(i) > 0, Math.sin(i) + Math.cos(3 * i)].join(),
  );
  writeFileSync(join(folder, 'rows.csv'), `x,y,sign,sum\n${rows.join('\n')}\n`);
  const fit = [
    'fit',
    'rows.csv',
    '--task',
    'sign',
    '--task',
    'sum',
    '--epochs',
    '3',
    '--out',
    'runs/run-000',
    '--quiet',
  ];
  execFileSync(process.execPath, [cli, ...fit], { cwd: folder, stdio: 'ignore' });
  const first = join(folder, 'runs/run-000');
  const result = JSON.parse(readFileSync(join(first, 'result.json'), 'utf8'));
  const stretched = (curve) =>
    Array.from({ length: POINTS }, (_, i) => ({
      ...curve[i % curve.length],
      epoch: i + 1,
      step: 2 * (i + 1),
    }));
  for (const way of ['multi', 'independent'])
    result[way] = { ...result[way], curve: stretched(result[way].curve) };
  writeFileSync(join(first, 'result.json'), JSON.stringify(result));
  const lines = readFileSync(join(first, 'live.ndjson'), 'utf8').trim().split('\n');
  const point = lines.map((line) => JSON.parse(line)).find(({ kind }) => kind === 'point');
  const told = Array.from({ length: POINTS }, (_, i) =>
    JSON.stringify({ ...point, point: { ...point.point, epoch: i + 1, step: 2 * (i + 1) } }),
  );
  writeFileSync(join(first, 'live.ndjson'), `${[lines[0], ...told, lines.at(-1)].join('\n')}\n`);
  for (let i = 1; i < RUNS; i++) {
    const run = join(folder, 'runs', `run-${String(i).padStart(3, '0')}`);
    mkdirSync(run);
    for (const name of ['run.json', 'summary.json']) copyFileSync(join(first, name), join(run, name));
    for (const name of ['result.json', 'live.ndjson']) linkSync(join(first, name), join(run, name));
  }
  return POINTS;
}

async function timed(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
