/** A model as boxes and arrows; with the palette it stands alone. */
export const DRAWING = `
.architecture { display: block; width: 100%; height: auto; font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.architecture path { fill: none; stroke: var(--mid); stroke-width: 1.3; }
.architecture .flow { stroke-opacity: 0.75; }
.architecture .gate { stroke: var(--soft); stroke-dasharray: 5 4; }
.architecture .pull { stroke: var(--soft); stroke-width: 2; stroke-dasharray: 0.1 5; stroke-linecap: round; }
.architecture circle { fill: var(--soft); stroke: none; }
.architecture rect { fill: var(--card); stroke: var(--line); stroke-width: 1.3; }
.architecture .shared rect { fill: var(--faint); stroke: var(--mid); }
.architecture .expert rect { fill: color-mix(in oklab, var(--expert) 16%, var(--card)); stroke: var(--expert); }
.architecture .task rect { fill: color-mix(in oklab, var(--task, var(--mid)) 12%, var(--card)); stroke: var(--task, var(--mid)); }
.architecture text { fill: var(--ink); }
.architecture .label { font-size: 13px; font-weight: 600; }
.architecture .detail { font-size: 11px; fill: var(--soft); }
`;

/** The rest of the section on sharing. */
export const SHARING = `
.wide { overflow-x: auto; padding-bottom: 2px;
  background: linear-gradient(to left, var(--paper) 35%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--shade), transparent) right / 0.9rem 100% no-repeat; }
.sharing .options { font-weight: 600; color: var(--ink); }
.owner, .owned li { white-space: nowrap; margin-right: 0.9rem; color: var(--ink); }
.owner::before, .owned li::before { content: ""; display: inline-block; width: 0.75rem; height: 0.75rem; border-radius: 3px; background: var(--own); vertical-align: -0.06rem; margin-right: 0.4rem; }
.owner.task::before { background: linear-gradient(90deg, oklch(var(--l) var(--c) 255) 33%, oklch(var(--l) var(--c) 40) 33% 67%, oklch(var(--l) var(--c) 160) 67%); }
.shared { --own: var(--mid); }
.expert { --own: var(--expert); }
.task { --own: var(--task, var(--soft)); }
.owned { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.1rem 0.4rem; }
.owned li { white-space: normal; }
.owned b { font-weight: 600; }
.sharing figure + .note { margin-top: 0.5rem; }
.owners { display: block; border-radius: 5px; }
.owners rect { fill: var(--own); stroke: var(--paper); stroke-width: 1.5; }
.key.gate::before { border-top: 2px dashed var(--soft); }
.key.pull::before { border-top: 2px dotted var(--soft); }
.heat { width: fit-content; max-width: 100%; }
.heat td { min-width: 3.6rem; border-left: 1px solid var(--card); }
.cell.part { background: color-mix(in oklab, var(--expert) var(--tint), transparent); }
.cell.better { background: color-mix(in oklab, var(--good) var(--tint), transparent); color: inherit; }
.cell.worse { background: color-mix(in oklab, var(--bad) var(--tint), transparent); color: inherit; }
.unused { color: var(--amber); font-weight: 700; }
.time { margin-top: 1rem; }
.layers { display: block; width: 100%; height: auto; max-width: 24rem; }
.layers polygon { fill: color-mix(in oklab, var(--task, var(--expert)) var(--tint), var(--card)); stroke: var(--card); stroke-width: 1; }
`;
