/** The section on weighing. */
export const OBJECTIVE = `
.objective .whole { --task: var(--ink); margin-top: 1rem; }
.strips { max-width: 54rem; max-height: none; }
.strips th, .strips td { padding-block: 0.25rem; }
.strips tbody th { max-width: min(22rem, 42vw); }
.strips td:nth-child(2) { width: 100%; min-width: 8rem; }
.strip { display: block; width: 100%; height: 1.1rem; background: var(--faint); }
.strip path { shape-rendering: crispEdges; }
.strip .better { fill: color-mix(in oklab, var(--good) var(--tint), var(--faint)); }
.strip .worse { fill: color-mix(in oklab, var(--bad) var(--tint), var(--faint)); }
.strip .gap { fill: var(--card); }
.ends { display: flex; justify-content: space-between; gap: 0.7rem; }
.duo > * + * { margin-left: 0.8rem; }
@media (max-width: 44rem) {
  .duo > * { display: block; overflow: hidden; text-overflow: ellipsis; }
  .duo > * + * { margin-left: 0; }
  .strips th, .strips td { padding-inline: 0.4rem; }
  .strips td:nth-child(2) { min-width: 5rem; }
}
@media print { .strips tbody th { min-width: 16rem; } }
.ramp { margin-top: 0.5rem; white-space: nowrap; }
.ramp span { display: inline-block; width: 7rem; height: 0.7rem; margin: 0 0.3rem; vertical-align: -0.05rem; background: linear-gradient(in oklab to right, var(--bad), var(--faint), var(--good)); }
`;
