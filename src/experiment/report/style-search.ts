/** The table of what a search tried. */
export const SEARCH = `
.score-strip { display: block; }
.score-strip .axis { stroke: var(--line); }
.score-strip .seed { stroke: var(--mid); stroke-width: 1.5; }
.score-strip .dot { fill: var(--mid); }
.together .score-strip .dot { fill: var(--ink); }
.search .way-name { white-space: normal; min-width: 14rem; }
.search .chosen > * { background: color-mix(in oklab, var(--good) var(--tint), var(--card)); }
.search .mark { color: var(--good); font-size: 12.5px; }
`;
