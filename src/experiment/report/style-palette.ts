/** Colours of the report and of its drawings, light and dark; a task's is made of its hue `--h`, experts are bronze. */
export const PALETTE = `
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --card: #fff; --ink: #1d1c1a; --soft: #68645d; --line: #e3dfd7; --faint: #f1eee8; --mid: #948f85;
  --good: #17678a; --bad: #a8431d; --amber: #8a6210; --expert: #7a6537;
  --shade: #1d1c1a2e; --l: 0.52; --c: 0.14;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #161615; --card: #1e1d1c; --ink: #eceae5; --soft: #a8a49b; --line: #35332f; --faint: #262522; --mid: #7d7971;
    --good: #72bbdc; --bad: #ee9570; --amber: #dcb35c; --expert: #cbb27f;
    --shade: #0009; --l: 0.76; --c: 0.12;
  }
}
[style*="--h"] { --task: oklch(var(--l) var(--c) var(--h)); }
`;
