import { makeTools, nameTools, TOOLS } from './tools.ts';

/** Figures with something drawn, and tables that stand by themselves. */
const CHARTS = 'figure:has(svg, canvas, table), .scroll:has(table):not(figure *)';

/**
 * Gives its buttons to every chart of a host, or to the figure that the host is in; where they are already, they stay.
 *
 * @param spare buttons to use again, in the order of what they belonged to
 */
export function equip(host: Element, spare: readonly Element[] = []): void {
  const around = host.closest('figure');
  const charts = around ? [around].filter((own) => own.matches(CHARTS)) : [...host.querySelectorAll(CHARTS)];
  charts.forEach((chart, i) => {
    const tools = toolsOf(chart) ?? spare[i] ?? makeTools();
    if (!tools.isConnected) {
      if (chart.matches('figure')) chart.append(tools);
      else chart.before(tools);
    }
    nameTools(tools);
  });
}

/** Shows other markup in a host whose charts keep their buttons, and the focus that one of them has. */
export function showEquipped(host: Element, markup: string): void {
  const spare = [...host.querySelectorAll(`.${TOOLS}`)];
  const focused = document.activeElement;
  host.innerHTML = markup;
  equip(host, spare);
  if (focused instanceof HTMLElement && focused !== document.activeElement && host.contains(focused))
    focused.focus({ preventScroll: true });
}

/** They are the last in a figure, and stand before a table. */
function toolsOf(chart: Element): Element | null {
  if (chart.matches('figure')) return chart.querySelector(`:scope > .${TOOLS}`);
  const { previousElementSibling: own } = chart;
  return own?.matches(`.${TOOLS}`) ? own : null;
}
