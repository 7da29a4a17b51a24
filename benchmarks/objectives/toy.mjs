// Draws docs/objectives/toy.svg: where six methods go on the toy of two conflicting losses, from five starts.
// Usage: node benchmarks/objectives/toy.mjs
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsdown';
import { contours, simplified } from './lines.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const outDir = mkdtempSync(join(tmpdir(), 'toy-'));
// Node 20 does not read TypeScript.
await build({
  config: false,
  entry: { toy: path('./toy-entry.mjs') },
  outDir,
  format: 'esm',
  platform: 'node',
  dts: false,
  logLevel: 'error',
});
const { aggregationRule, famoRule, followToy, toy, TOY_PARETO, TOY_STARTS } = await import(
  pathToFileURL(join(outDir, 'toy.mjs')).href
);
rmSync(outDir, { recursive: true });

const PANELS = [
  ['Sum of losses', () => aggregationRule('sum'), 100_000],
  ['MGDA', () => aggregationRule('mgda'), 50_000],
  ['PCGrad', () => aggregationRule('pcgrad'), 100_000],
  ['CAGrad', () => aggregationRule('cagrad'), 100_000],
  ['Nash-MTL', () => aggregationRule('nash'), 50_000],
  ['FAMO', () => famoRule([-21, -21]), 300_000],
];
const [SIZE, GAP, TOP, COLUMNS, REACH] = [210, 24, 26, 3, 10.5];
const LEVELS = [-14, -12, -9, -6, -3, 0, 2, 4, 5, 6, 7];

/** From the plane to a panel, y upwards. */
const place = ([x, y]) => [((x + REACH) / (2 * REACH)) * SIZE, ((REACH - y) / (2 * REACH)) * SIZE];
const round = (value) => String(Math.round(value * 10) / 10);
const line = (points) => `M${points.map((point) => point.map(round).join(' ')).join('L')}`;

function levelLines() {
  const mean = (point) => toy(point).losses.reduce((sum, loss) => sum + loss / 2, 0);
  return LEVELS.flatMap((level) => contours(mean, level, REACH, 90))
    .map((points) => line(simplified(points.map(place), 0.3)))
    .join('');
}

function panel([title, rule, steps], index) {
  const paths = [];
  const marks = [];
  for (const [name, start] of Object.entries(TOY_STARTS)) {
    const points = [];
    const end = followToy(start, rule(), {
      steps,
      visit: (point, step) => {
        if (step % 100 === 0) points.push(place(point));
        return false;
      },
    });
    paths.push(line(simplified([...points, place(end)], 0.5)));
    const [x, y] = place(start).map(round);
    marks.push(
      `<circle class="start" cx="${x}" cy="${y}" r="2.5"/><text x="${x}" y="${y}" dx="5" dy="-4">${name}</text>`,
    );
    const [ex, ey] = place(end).map(round);
    marks.push(
      end[1] < TOY_PARETO.at + 0.5
        ? `<circle class="end" cx="${ex}" cy="${ey}" r="3.5"/>`
        : `<path class="stuck" d="M${ex} ${ey}m-4-4l8 8m0-8l-8 8"/>`,
    );
  }
  const x = GAP + (index % COLUMNS) * (SIZE + GAP);
  const y = TOP + Math.floor(index / COLUMNS) * (SIZE + GAP + TOP);
  return `<g transform="translate(${x} ${y})">
<text class="title" y="-8">${title}</text>
<use href="#ground"/>
<path class="path" d="${paths.join('')}"/>
${marks.join('\n')}
</g>`;
}

function ground() {
  const [from, to] = [TOY_PARETO.from, TOY_PARETO.to].map((x) => place([x, TOY_PARETO.at]));
  const [ox, oy] = place([0, TOY_PARETO.at]).map(round);
  return `<defs>
<clipPath id="square"><rect width="${SIZE}" height="${SIZE}"/></clipPath>
<g id="ground">
<rect class="frame" width="${SIZE}" height="${SIZE}"/>
<path class="level" clip-path="url(#square)" d="${levelLines()}"/>
<path class="pareto" d="${line([from, to])}"/>
<path class="best" d="M${ox} ${oy}m0-6l6 6l-6 6l-6-6z"/>
</g>
</defs>`;
}

const width = GAP + COLUMNS * (SIZE + GAP);
const bottom = 2 * (SIZE + GAP + TOP);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 26}" width="${width}" height="${bottom + 26}" role="img" aria-labelledby="name">
<title id="name">Paths of six methods on two conflicting losses, from five starts</title>
<style>
svg { --ink: #1f2328; --quiet: #c3cad3; --path: #0b62b8; --pareto: #8a949f; --best: #b07800; --stuck: #c4262e; --ground: #ffffff; }
@media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --quiet: #3a434d; --path: #62b0ff; --pareto: #8b97a3; --best: #f0b429; --stuck: #ff7b72; --ground: #0d1117; } }
text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.title { font-weight: 600; font-size: 13px; }
.page { fill: var(--ground); }
.frame { fill: var(--ground); stroke: var(--quiet); }
.level { fill: none; stroke: var(--quiet); stroke-width: 0.9; }
.path { fill: none; stroke: var(--path); stroke-width: 1.5; stroke-linejoin: round; }
.pareto { stroke: var(--pareto); stroke-width: 4; stroke-linecap: round; }
.best { fill: none; stroke: var(--best); stroke-width: 1.6; }
.start { fill: var(--ink); }
.end { fill: var(--path); stroke: var(--ground); }
.stuck { fill: none; stroke: var(--stuck); stroke-width: 2.2; }
</style>
<rect class="page" width="100%" height="100%"/>
${ground()}
${PANELS.map(panel).join('\n')}
<g transform="translate(${GAP} ${bottom + 8})">
<circle class="start" cx="4" cy="-4" r="2.5"/><text x="12">start</text>
<circle class="end" cx="62" cy="-4" r="3.5"/><text x="71">end</text>
<path class="stuck" d="M116-8l8 8m0-8l-8 8"/><text x="130">stuck</text>
<path class="pareto" d="M180-4h24"/><text x="212">Pareto set</text>
<path class="best" d="M290-10l6 6l-6 6l-6-6z"/><text x="302">least mean loss</text>
<path class="level" d="M402-4h20"/><text x="430">level lines of the mean loss</text>
</g>
</svg>
`;
writeFileSync(path('../../docs/objectives/toy.svg'), svg);
console.log(`docs/objectives/toy.svg, ${svg.length} bytes`);
