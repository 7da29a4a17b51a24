import { PALETTE } from '../../../experiment/report/style-palette.ts';

/** How the page looks: light and dark, from 360 pixels on. */
export const STYLE: string = `${PALETTE}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, .main { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; padding-bottom: 0.5rem; overflow-wrap: anywhere; }
main, .main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 2rem; padding-bottom: 3rem; align-items: start; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 0.3rem; }
h2 { font-size: 1.05rem; margin: 0.8rem 0; }
h3 { font-size: 0.95rem; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
p { margin: 0.2rem 0; }
.soft, small { color: var(--soft); }
small { display: block; font-size: 12.5px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
section { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; padding: 0 2px 1rem; }
.bar { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.input { border: 0; border-top: 1px solid var(--line); margin: 0; padding: 0.6rem 0; min-width: 0; }
.input label, .input legend { font-weight: 600; overflow-wrap: anywhere; padding: 0; }
.input .missing { font-weight: 400; font-size: 13px; display: flex; gap: 0.3rem; align-items: center; white-space: nowrap; min-height: 24px; }
.pair { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.8rem; align-items: center; }
input, select, textarea, button { font: inherit; color: inherit; accent-color: var(--good); }
input:not([type="range"], [type="checkbox"], [type="radio"]), select, textarea { width: 100%; min-height: 2.3rem; padding: 0.3rem 0.5rem; background: var(--card); border: 1px solid var(--mid); border-radius: 6px; }
input[type="range"] { width: 100%; min-height: 2rem; margin: 0; }
input[type="checkbox"], input[type="radio"] { width: 1.05rem; height: 1.05rem; margin: 0; }
textarea { resize: vertical; }
:disabled { opacity: 0.45; }
:focus-visible { outline: 2px solid var(--good); outline-offset: 2px; }
.input legend { float: left; width: 100%; }
.switch { clear: both; display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin-top: 0.3rem; }
.switch label { display: flex; align-items: center; gap: 0.4rem; font-weight: 400; min-height: 2rem; }
button { padding: 0.35rem 0.9rem; border: 1px solid var(--mid); border-radius: 6px; background: var(--card); cursor: pointer; }
button.plain { font-size: 13px; padding: 0.2rem 0.6rem; }
.token { grid-column: 1 / -1; max-width: 24rem; display: grid; gap: 0.6rem; }
.tasks { display: grid; gap: 0.8rem; }
.task { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.8rem 1rem; min-width: 0; }
.answer { font-size: 1.5rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.answer .soft { font-size: 0.9rem; font-weight: 400; }
dl { margin: 0.4rem 0 0; display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: 0.15rem 0.9rem; align-items: center; font-size: 14px; }
dt { overflow-wrap: anywhere; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
.bars { grid-template-columns: minmax(3rem, 9rem) minmax(0, 1fr); }
.bars dd { display: grid; grid-template-columns: minmax(0, 1fr) 4.2rem; gap: 0.6rem; align-items: center; }
.track { height: 0.7rem; background: var(--faint); border-radius: 3px; overflow: hidden; }
.fill { display: block; height: 100%; background: var(--good); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.notes { margin-top: 0.6rem; font-size: 13.5px; }
[role="alert"] { color: var(--bad); grid-column: 1 / -1; }
details { margin: 0.6rem 0; }
summary { cursor: pointer; color: var(--soft); min-height: 1.6rem; }
pre { overflow: auto; max-height: 20rem; background: var(--faint); border-radius: 6px; padding: 0.6rem 0.8rem; font-size: 12.5px; margin: 0.4rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; }
th, td { text-align: left; padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--soft); font-weight: 400; }
td.number { text-align: right; }
@media (max-width: 44rem) {
  main, .main { grid-template-columns: minmax(0, 1fr); gap: 0; }
  section { order: -1; z-index: 1; position: sticky; top: 0; max-height: 45vh; background: var(--paper); border-bottom: 1px solid var(--line); padding-bottom: 0.6rem; }
  .pair { grid-template-columns: 6.5rem minmax(0, 1fr); }
  .task { padding: 0.5rem 0.8rem; }
  .answer { font-size: 1.2rem; }
  .bars { grid-template-columns: minmax(3rem, 6rem) minmax(0, 1fr); }
  .bars dd { grid-template-columns: minmax(0, 1fr) 3.4rem; }
}
`;
