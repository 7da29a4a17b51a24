import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/system.mjs';

export const openBrowser = (...args) =>
  chromium.launch({
    executablePath: findChromium().path,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu', ...args],
  });

/** A studio in a process of its own. */
export async function openStudio(cli, cwd, folder) {
  const args = [cli, 'studio', folder, '--port', '0', '--json', '--quiet'];
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { url: JSON.parse(line.toString()).url, pid: child.pid, close: () => child.kill('SIGKILL') };
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** Seconds of processor time that a process and all that it began have taken. */
export function processorTime(pid) {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name of a program may have blanks, and stands in brackets.
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return [
          { pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) },
        ];
      } catch {
        return [];
      }
    });
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid: own, parent } of stats) if (family.has(parent)) family.add(own);
  }
  return stats.filter((one) => family.has(one.pid)).reduce((sum, { ticks }) => sum + ticks / TICKS, 0);
}

/** Milliseconds between the frames that a page draws, for so long. */
export const frames = (page, milliseconds) =>
  page.evaluate(
    (length) =>
      new Promise((done) => {
        const gaps = [];
        const start = performance.now();
        let last = start;
        const frame = (now) => {
          gaps.push(now - last);
          last = now;
          if (now - start < length) requestAnimationFrame(frame);
          else done(gaps.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    milliseconds,
  );

export const median = (values) => quantile(values, 0.5);

export function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];
}

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
