import { type Advice, CAUSES } from '../../../diagnosis/index.ts';
import type { RunResult } from '../../result.ts';
import { paintWith, type TerminalOptions } from '../terminal.ts';
import { ascii, printable, wrap } from '../terminal-text.ts';
import { measuredWords, tasksOf, titleOf } from './words.ts';

type Step = Pick<Advice, 'sentence'> & { readonly commands: readonly string[] };

/**
 * Why sharing helped or hurt, for a terminal: the verdict, a paragraph a cause, what was looked for and not found, and what
 * to try next as command lines, which are not wrapped, so that they can be copied.
 */
export function renderAdvice(
  { diagnosis, causes }: Pick<RunResult, 'diagnosis' | 'causes'>,
  next: readonly Step[],
  { colour, width }: TerminalOptions,
): string {
  const paint = paintWith(colour);
  if (diagnosis === undefined || causes === undefined)
    return 'Tasks were not compared with each alone, so there is nothing to explain.';
  const indented = (text: string): string[] => wrap(plain(text), width - 2).map((line) => `  ${line}`);
  const { found, absent, unmeasured } = causes;
  const titles = (codes: readonly string[]): string =>
    CAUSES.filter(({ code }) => codes.includes(code))
      .map(({ title }) => title.toLowerCase())
      .join(', ');
  const [answer, does] = diagnosis.words;
  return [
    ...wrap(printable(answer!), width).map((line) => paint('bold', line)),
    ...(does === undefined ? [] : wrap(printable(does), width)),
    ...found.flatMap((cause) => [
      '',
      ...wrap(`${titleOf(cause)}: ${printable(tasksOf(cause))}`, width).map((line) =>
        paint(cause.bearing === 'helps' ? 'good' : 'bad', line),
      ),
      ...indented(cause.sentence),
      ...indented(measuredWords(cause)).map((line) => paint('dim', line)),
    ]),
    ...(found.length === 0 ? ['', 'No cause stands out from noise.'] : []),
    '',
    ...(absent.length === 0 ? [] : wrap(`Looked for and not found: ${titles(absent)}.`, width)),
    ...(unmeasured.length === 0 ? [] : wrap(`Not measured: ${titles(unmeasured)}.`, width)),
    ...(next.length === 0 ? [] : ['', paint('bold', 'To try next')]),
    ...next.flatMap(({ sentence, commands }) => [
      ...indented(sentence),
      // A query may have several lines, as it was asked.
      ...commands.map((command) => `    ${command.split('\n').map(printable).join('\n')}`),
    ]),
  ].join('\n');
}

/** Signs that a terminal may lack, in letters. */
const plain = (text: string): string =>
  ascii(text).replaceAll('ρ', 'rho').replaceAll('÷', '/').replaceAll('’', "'");
