// What the machine must bring along and npm does not install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const APT = '/usr/bin/apt-get';
const MINUTES = 60_000;

/** Where Chromium is, as { path }, or why there is none, as { reason }. POLYTASK_CHROMIUM comes first. */
export function findChromium() {
  const given = process.env.POLYTASK_CHROMIUM;
  if (given) return existsSync(given) ? { path: given } : { reason: `POLYTASK_CHROMIUM: no file ${given}` };
  const path = PLACES.find((place) => existsSync(place));
  return path ? { path } : { reason: 'no Chromium found; install one or name it in POLYTASK_CHROMIUM' };
}

/** Finds Chromium, and installs it first where that needs nobody's leave: as root on a Debian. */
export function ensureChromium() {
  const found = findChromium();
  if (found.path || process.env.POLYTASK_CHROMIUM) return found;
  if (process.getuid?.() !== 0 || !existsSync(APT)) return found;
  console.log('Installing Chromium for the browser tests: apt-get install chromium');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, stderr, error } = spawnSync(APT, args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 10 * MINUTES,
    });
    // An update with one list out of reach may still do; the installation says whether it did.
    if (status === 0 || args[0] === 'update') continue;
    const why = error?.message ?? stderr.trim().split('\n').at(-1);
    return { reason: `no Chromium found, and apt-get could not install it: ${why}` };
  }
  return findChromium();
}
