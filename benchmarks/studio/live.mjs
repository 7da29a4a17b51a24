import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openStudio, processorTime, sleep } from './lib.mjs';

const TASKS = 10;
const SECONDS = 30;

/**
 * What it costs to watch a run of ten tasks: processor time of the studio and of the browser while the run learns, as a share
 * of one core, less what an empty page costs that browser.
 */
export async function measureLive({ folder, cli }) {
  writeFileSync(join(folder, 'rows.csv'), table(20_000));
  const tasks = Array.from({ length: TASKS }, (_, t) => ['--task', `task ${t}`]).flat();
  const fit = [
    'fit',
    'rows.csv',
    ...tasks,
    '--epochs',
    '100000',
    '--set',
    'training.patience=100000',
    '--quiet',
  ];
  const run = spawn(process.execPath, [cli, ...fit, '--out', 'runs/live'], { cwd: folder, stdio: 'ignore' });
  const journal = join(folder, 'runs/live/live.ndjson');
  while (!existsSync(journal)) {
    if (run.exitCode !== null) throw new Error('the run that is to be watched ended');
    await sleep(200);
  }
  const studio = await openStudio(cli, folder, 'runs');
  const server = await openBrowserServer();
  const page = await server.browser.newPage({ viewport: { width: 1280, height: 900 } });
  const cost = async () => {
    const before = [processorTime(studio.pid), processorTime(server.pid)];
    await sleep(1000 * SECONDS);
    return [processorTime(studio.pid), processorTime(server.pid)].map(
      (now, i) => (now - before[i]) / SECONDS,
    );
  };
  try {
    await page.goto('about:blank');
    await sleep(2000);
    const [, empty] = await cost();
    await page.goto(studio.url);
    await page.getByRole('link', { name: 'live' }).click();
    await page.locator('figure.multiple path.joint').first().waitFor();
    await sleep(5000);
    const lines = () => readFileSync(journal, 'utf8').split('"kind":"point"').length;
    const before = lines();
    const [own, browser] = await cost();
    return {
      tasks: TASKS,
      evaluationsPerSecond: (lines() - before) / SECONDS,
      studioShare: own,
      pageShare: browser - empty,
      emptyPageShare: empty,
      share: own + browser - empty,
    };
  } finally {
    run.kill('SIGKILL');
    studio.close();
    await server.browser.close();
  }
}

/** The browser's own process is the parent of all others of it. */
async function openBrowserServer() {
  const before = new Set(readdirSync('/proc'));
  const browser = await openBrowser();
  const pid = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !before.has(name))
    .map(Number)
    .sort((a, b) => a - b)[0];
  return { browser, pid };
}

/** Ten tasks that have something in common, of eight inputs. */
function table(count) {
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const names = Array.from({ length: 8 }, (_, i) => `x${i}`);
  const heads = Array.from({ length: TASKS }, () => names.map(() => random() - 0.5));
  const rows = Array.from({ length: count }, () => {
    const x = names.map(() => 2 * random() - 1);
    const targets = heads.map((head) => {
      const score = head.reduce((sum, weight, i) => sum + weight * Math.sin(3 * x[i]), 0);
      return score + 0.3 * (random() - 0.5) > 0 ? 'yes' : 'no';
    });
    return [...x.map((value) => value.toFixed(4)), ...targets].join();
  });
  return `${[...names, ...heads.map((_, t) => `task ${t}`)].join()}\n${rows.join('\n')}\n`;
}
