import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { frames, median, openBrowser, openStudio } from './lib.mjs';

const ROUNDS = 5;

/**
 * The playground as it opens, two tasks on wasm: from the address to the first step, then steps and frames a second, at the speed
 * that it has at first (60 passes a second) and as fast as it can.
 */
export async function measurePlayground({ folder, cli }) {
  mkdirSync(join(folder, 'runs'));
  const studio = await openStudio(cli, folder, 'runs');
  const result = { watched: await measured(studio, ''), unbounded: await measured(studio, '&speed=0') };
  studio.close();
  return result;
}

async function measured(studio, more) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    try {
      const start = performance.now();
      await page.goto(`${studio.url}/playground?epochs=100000${more}`);
      await page.getByRole('button', { name: 'Play' }).click();
      await page.waitForFunction(() => Number(document.querySelector('.transport .step').textContent) > 0);
      const firstStepMs = performance.now() - start;
      await page.waitForTimeout(2000);
      const step = () => page.locator('.transport .step').textContent().then(Number);
      const [from, since] = [await step(), performance.now()];
      const gaps = await frames(page, 5000);
      const [to, until] = [await step(), performance.now()];
      rounds.push({
        firstStepMs,
        stepsPerSecond: (1000 * (to - from)) / (until - since),
        framesPerSecond: (1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0),
      });
    } finally {
      await browser.close();
    }
  }
  const over = (key) => median(rounds.map((round) => round[key]));
  return {
    firstStepMs: over('firstStepMs'),
    worstFirstStepMs: Math.max(...rounds.map(({ firstStepMs }) => firstStepMs)),
    stepsPerSecond: over('stepsPerSecond'),
    framesPerSecond: over('framesPerSecond'),
    rounds,
  };
}
