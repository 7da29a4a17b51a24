import { render } from 'preact';
import { STYLE } from '../../src/experiment/report/style.ts';
import { Studio } from './studio.tsx';
import './studio.css';

// The report's style is the studio's: a run looks here as it does there.
const style = document.createElement('style');
style.textContent = STYLE.text;
document.head.prepend(style);
render(<Studio />, document.getElementById('studio')!);
