/** The report of a front. */
export const FRONT = `
.front { display: block; overflow: visible; }
.scatter .front { margin-left: 44px; width: calc(100% - 44px); }
.front .point { --own: var(--task, var(--ink)); }
.front .point circle { fill: var(--own); stroke: var(--paper); stroke-width: 1.5; }
.front .edge { stroke: var(--mid); stroke-width: 2; stroke-linecap: round; }
.front .point .edge { stroke: var(--own); }
.front .range { stroke: var(--own); stroke-width: 1.2; opacity: 0.6; }
.front .leader { stroke: var(--mid); stroke-width: 1; }
.front .point .ring { fill: none; stroke: var(--own); stroke-width: 2; }
.front .beaten circle { fill: color-mix(in oklab, var(--own) 32%, var(--paper)); }
.front .beaten .range, .front .beaten .edge { opacity: 0.28; }
.front .beaten .edge { stroke-width: 1.2; }
.front text { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.front .label { font-weight: 600; }
.front .label.beaten { font-weight: 400; fill: var(--soft); }
.front .name { font-size: 13px; font-weight: 600; fill: var(--task); }
.front .name .tick { font-weight: 400; }
.axis { margin: 0 0 0.4rem; font-size: 14px; }
.axis.across { text-align: right; margin: 0.2rem 0 0.6rem; }
.key.spot { color: var(--soft); }
.key.spot::before { width: 0.65rem; height: 0.65rem; border: 0; border-radius: 50%; background: color-mix(in oklab, var(--ink) 32%, var(--paper)); margin-bottom: 0; }
.key.beaten { color: var(--soft); }
.key.beaten::before { border-top-width: 1.5px; opacity: 0.5; }
.points thead th { vertical-align: bottom; }
.points th[scope="rowgroup"] { white-space: normal; }
.points th .soft { font-weight: 400; }
.points .beaten > * { color: var(--soft); }
.points .beaten .strong { font-weight: 400; }
.points .span { color: var(--soft); font-size: 12px; font-weight: 400; }
@media print { .points .number { white-space: normal; } }
.swatch.alike { background: var(--ink); }
`;
