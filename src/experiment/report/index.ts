export { renderDrawing } from './drawing.ts';
export { renderReport } from './page.ts';
export { renderVerdict } from './terminal.ts';
