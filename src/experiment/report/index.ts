export { renderReport } from './page.ts';
export { renderVerdict } from './terminal.ts';
