export { renderDrawing } from './drawing.ts';
export { renderFront } from './front/page.ts';
export { renderReport } from './page.ts';
export { renderVerdict } from './terminal.ts';
