/** The table of causes: prose in cells, read from the left. */
export const CAUSES: string = `
.causes td, .causes tbody th { white-space: normal; vertical-align: top; }
.causes tbody th { min-width: 9rem; max-width: 14rem; }
.causes tbody th span { display: block; font-weight: 400; font-size: 13px; }
.causes tbody th .title { font-weight: 600; font-size: 14px; }
.causes td { min-width: 14rem; font-size: 14px; }
.causes td p { margin: 0 0 0.4rem; }
.causes td p:last-child { margin: 0; }
.causes td code { white-space: nowrap; }
.causes .scroll + .note { margin-top: 0.75rem; }
.causes .note { margin-bottom: 0.3rem; }
`;
