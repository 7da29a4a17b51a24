/** What tasks gain from each other, and groups of them. */
export const GROUPING = `
.heat td.framed { outline: 1.5px solid color-mix(in oklab, var(--ink) 55%, transparent); outline-offset: -1.5px; }
.matrix-picture { display: grid; grid-template-columns: max-content minmax(0, 34rem); gap: 0.4rem; }
.matrix-picture svg { width: 100%; max-width: 34rem; grid-column: 2; background: var(--faint); }
.matrix-picture path { shape-rendering: crispEdges; }
.matrix-picture .better { fill: color-mix(in oklab, var(--good) var(--tint), var(--faint)); }
.matrix-picture .worse { fill: color-mix(in oklab, var(--bad) var(--tint), var(--faint)); }
.matrix-picture rect { fill: none; stroke: var(--ink); stroke-width: 1.5px; vector-effect: non-scaling-stroke; }
.matrix-picture ol { margin: 0; padding: 0; list-style: none; display: grid; grid-auto-rows: 1fr; font-size: 0.65rem; line-height: 1; text-align: right; max-width: 9rem; color: var(--soft); }
.matrix-picture li { display: flex; align-items: center; justify-content: end; overflow: hidden; white-space: nowrap; }
.groups { display: grid; grid-template-columns: max-content 1fr; gap: 0.5rem 1.2rem; margin: 0.6rem 0 0; }
.groups dt { color: var(--soft); }
.groups dd { margin: 0; }
.groups p { margin: 0 0 0.2rem; }
.member { margin-right: 0.8rem; white-space: nowrap; }
@media (max-width: 44rem) { .groups { grid-template-columns: 1fr; } .member { white-space: normal; } }
`;
