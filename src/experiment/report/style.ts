import { Markup } from './html.ts';
import { CAUSES } from './style-causes.ts';
import { FRONT } from './style-front.ts';
import { GROUPING } from './style-grouping.ts';
import { OBJECTIVE } from './style-objective.ts';
import { PALETTE } from './style-palette.ts';
import { SEARCH } from './style-search.ts';
import { DRAWING, SHARING } from './style-sharing.ts';

const CSS = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
header, main { max-width: 72rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding-top: 1.5rem; color: var(--soft); font-size: 13px; }
header .brand { color: var(--ink); font-weight: 650; }
header time { margin-left: auto; }
main { padding-bottom: 4rem; }
section { margin-top: 3.5rem; }
h1 { font-size: 15px; font-weight: 500; color: var(--soft); margin: 0; }
h2 { font-size: 19px; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 0.75rem; }
h3 { font-size: 15px; font-weight: 650; margin: 1.75rem 0 0.5rem; }
p { margin: 0 0 0.75rem; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.name { unicode-bidi: isolate; }
.soft, .note, figcaption, .remark { color: var(--soft); }
.note { max-width: 46rem; font-size: 14px; }
.strong { font-weight: 600; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.helped, .better { color: var(--good); }
.hurt, .worse { color: var(--bad); }
.swatch { display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--task); margin-right: 8px; }

.verdict { margin-top: 2.5rem; }
.verdict .answer {
  font-family: "Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, serif;
  font-size: clamp(2.4rem, 7vw, 4rem); line-height: 1.08; letter-spacing: -0.02em; margin: 0.2rem 0 1.1rem;
}
.verdict.share .answer { color: var(--good); }
.verdict.separate .answer { color: var(--bad); }
.verdict .words { font-size: 18px; line-height: 1.55; max-width: 44rem; text-wrap: pretty; }
.verdict .more { max-width: 44rem; color: var(--soft); text-wrap: pretty; }
.next { max-width: 44rem; border-left: 3px solid var(--ink); padding: 0.1rem 0 0.1rem 0.9rem; font-size: 17px; }
.next strong { margin-right: 0.4rem; }

.panels { display: grid; gap: 1rem; }
@media (min-width: 44rem) { .panels { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.2rem; }
.panel h3 { margin: 0; font-size: 13px; font-weight: 500; color: var(--soft); }
.panel .figure { font-size: 2rem; font-weight: 600; letter-spacing: -0.02em; line-height: 1.2; margin: 0.15rem 0; }
.panel p { font-size: 14px; margin-bottom: 0.4rem; }
.tally { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; color: var(--soft); }
.panel dl { margin: 0.5rem 0 0; display: grid; grid-template-columns: auto 1fr; gap: 0.55rem 1rem; font-size: 14px; }
@media (min-width: 44rem) and (max-width: 62rem) { .panel dl { grid-template-columns: 1fr; gap: 0.1rem; } .panel dd { margin-bottom: 0.4rem; } }
.panel dt { color: var(--soft); }
.panel dd { margin: 0; min-width: 0; }
.pair { display: flex; flex-wrap: wrap; gap: 0 0.6rem; font-size: 13px; line-height: 1.4; color: var(--soft); }
.pair b { color: var(--ink); font-weight: 600; }
.ratio { display: block; }
.ratio .joint { fill: var(--ink); }
.ratio .alone { fill: var(--mid); }

.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; max-height: 36rem;
  background: linear-gradient(to left, var(--card) 35%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--shade), transparent) right / 0.9rem 100% no-repeat var(--card); }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 14px; overflow-wrap: normal; }
th, td { text-align: left; padding: 0.45rem 0.55rem; vertical-align: middle; white-space: nowrap; }
thead th { font-size: 12.5px; font-weight: 500; color: var(--soft); border-bottom: 1px solid var(--line); position: sticky; top: 0; background: var(--card); }
tbody th { font-weight: 600; max-width: min(15rem, 42vw); overflow: hidden; text-overflow: ellipsis; position: sticky; left: 0; background: var(--card); }
thead th:first-child { left: 0; z-index: 1; }
tbody tr + tr > * { border-top: 1px solid var(--faint); }
tbody th[rowspan] { vertical-align: top; }
abbr { text-decoration: none; }
.number { text-align: right; }
.why { white-space: normal; min-width: 16rem; color: var(--soft); }
.way { color: var(--soft); }
td.delta { font-weight: 600; color: var(--ink); }
td.delta.better { background: color-mix(in oklab, var(--good) var(--tint), transparent); }
td.delta.worse { background: color-mix(in oklab, var(--bad) var(--tint), transparent); }
td.interval { line-height: 1; }
.interval .range { display: inline-block; min-width: 7.5em; margin-left: 0.5rem; color: var(--soft); font-size: 13px; }
.effect.equal, .effect.undecided { color: var(--soft); }
.effect [aria-hidden] { display: inline-block; width: 1.1em; }

svg { font-size: 12px; }
svg text { fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .tick, svg .range { fill: var(--soft); }
svg .tick { font-size: 11px; }
.grid { stroke: var(--line); stroke-width: 1; }
.zero, .base { stroke: var(--soft); stroke-width: 1; }
.bar { vertical-align: middle; }
.balance rect { fill: color-mix(in oklab, var(--task) var(--tint), var(--card)); }
svg.spark { display: block; overflow: visible; }
.spark path { fill: none; stroke: var(--task); stroke-width: 1.6; stroke-linejoin: round; }
.spark .alone { stroke-width: 1.1; stroke-dasharray: 2.5 2; }
@media (max-width: 75rem) { td.spark, th.spark { display: none; } }
.whisker { stroke: var(--task); stroke-width: 2; stroke-linecap: round; }
.dot, .tip { fill: var(--task); }
.forest, .distribution { display: block; overflow: visible; }
.distribution { margin-left: 44px; width: calc(100% - 44px); }
.forest .label { font-size: 13px; font-weight: 600; }
.forest .value { font-size: 13px; font-weight: 600; }
.forest .range { font-weight: 400; }
.scroll.runs { max-height: none; }
.forest g { --effect: var(--soft); }
.forest .helped { --effect: var(--good); }
.forest .hurt { --effect: var(--bad); }
.forest .amount { fill: var(--effect); opacity: 0.5; }
.forest .whisker { stroke: var(--effect); }
.forest .tip { fill: var(--effect); }
.forest .swatch { fill: var(--task); }
@media (max-width: 30rem) { .forest .range, .kind { display: none; } }
.distribution g { --task: var(--soft); }
.distribution .helped { --task: var(--good); }
.distribution .hurt { --task: var(--bad); }
.distribution .whisker { stroke-width: 1; opacity: 0.45; }
figure { margin: 0; }
figure.narrow { max-width: 42rem; }
figcaption { font-size: 13px; margin-top: 0.4rem; }

.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: 1.5rem 1.75rem; }
.multiple { min-width: 0; }
.multiple figcaption { margin: 0 0 0.3rem; font-size: 14px; }
.multiple figcaption b { color: var(--ink); font-weight: 600; margin-right: 0.4rem; }
.curve { display: block; width: 100%; height: auto; max-width: 30rem; }
.curve path { fill: none; stroke: var(--task); stroke-linejoin: round; }
.curve .joint { stroke-width: 2.2; }
.curve .alone { stroke-width: 1.6; stroke-dasharray: 4 4; }
.curve .band { fill: var(--task); opacity: 0.16; }
.efficiency g g { --task: var(--soft); }
.efficiency g .helped { --task: var(--good); }
.efficiency g .hurt { --task: var(--bad); }
.curve .mean { stroke: var(--soft); stroke-width: 1.6; }
.curve .faint { stroke-width: 1.2; opacity: 0.55; }
.entry { display: inline-block; max-width: 100%; margin-right: 0.6rem; }
.remark { font-size: 13px; margin: 0.2rem 0 0; text-wrap: pretty; }
.key { white-space: nowrap; margin-right: 0.9rem; color: var(--ink); }
.key::before { content: ""; display: inline-block; width: 1.6rem; border-top: 2.5px solid var(--soft); vertical-align: middle; margin: 0 0.45rem 0.15rem 0; }
.key.alone::before { border-top: 2px dashed var(--soft); }
.key.joint { white-space: normal; }

.warnings ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; }
.warnings li { border-left: 3px solid var(--amber); padding: 0.1rem 0 0.1rem 0.9rem; max-width: 46rem; }
.warnings p { margin: 0; }
.warnings .help { color: var(--soft); }
.warnings code { font-size: 12px; color: var(--amber); }
.warnings details { margin-top: 0.75rem; }

.facts { display: flex; flex-wrap: wrap; gap: 0.9rem 2.25rem; margin: 0 0 1.25rem; }
.facts dt, .setup dt { color: var(--soft); font-size: 13px; }
.facts dd, .setup dd { margin: 0; font-weight: 600; }
.facts dd .soft, .facts .source { font-weight: 400; }
.facts .source { max-width: 46rem; }
.setup { margin: 0; display: grid; gap: 0.7rem; }
.setup dd { font-weight: 400; }
.setup + pre { margin-top: 1rem; max-height: 36rem; }
details { border-top: 1px solid var(--line); padding: 0.2rem 0; }
details:last-of-type { border-bottom: 1px solid var(--line); }
details + .note { margin-top: 1rem; }
section > .scroll + details, section > details { margin-top: 0; }
section > h3 ~ details { margin-top: 1.75rem; }
summary { cursor: pointer; padding: 0.5rem 0; font-weight: 500; }
details[open] > summary { margin-bottom: 0.4rem; }
details[open] { padding-bottom: 1rem; }
:focus-visible { outline: 2px solid var(--good); outline-offset: 2px; border-radius: 3px; }
pre { margin: 0 0 0.9rem; padding: 0.9rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; overflow-wrap: normal; }
`;

const PRINT = `
@media print {
  :root { --paper: #fff; --card: #fff; color-scheme: light; }
  body { font-size: 10.5pt; }
  main, header { max-width: none; padding: 0; }
  section { margin-top: 1.6rem; }
  h2, h3 { break-after: avoid; }
  .panel, figure, tr, li, pre { break-inside: avoid; }
  .scroll { overflow: visible; max-height: none; border: 0; background: none; }
  thead th, tbody th { position: static; }
  table { font-size: 8.5pt; }
  th, td { white-space: normal; padding: 0.25rem 0.35rem; }
  tbody th { overflow-wrap: anywhere; min-width: 6rem; }
  .panels { grid-template-columns: repeat(3, 1fr); gap: 0.6rem; }
  .panel dl { grid-template-columns: 1fr; gap: 0.1rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; overflow: visible; }
  .setup + pre { max-height: none; }
  .why { min-width: 0; }
  .interval .range { display: block; margin: 0.15rem 0 0; text-align: center; }
  td.interval, .number, .effect { white-space: nowrap; }
  .heat :is(th, td) { min-width: 0; padding: 0.25rem 0.1rem; font-size: 7pt; }
  .heat tbody th { min-width: 4.5rem; }
  .heat thead th { white-space: normal; overflow-wrap: anywhere; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** The report's style: quiet ground, one hue a task (`--h`), blue for better and rust for worse, light and dark. */
export const STYLE: Markup = new Markup(
  PALETTE + CSS + DRAWING + SHARING + OBJECTIVE + FRONT + SEARCH + GROUPING + CAUSES + PRINT,
);
