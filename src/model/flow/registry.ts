import { chooseMethod, type MethodPlace, type SpecInput } from '../../common/options.ts';
import { applyHeads } from '../heads.ts';
import { aitm } from './aitm.ts';
import { conditional } from './conditional.ts';
import { esmm } from './esmm.ts';
import { anyFlow, type Flow, type FlowProblem } from './flow.ts';
import { flowError } from './order.ts';

const none: Flow = {
  name: 'none',
  title: 'No flow',
  about: 'Tasks meet in their representation alone.',
  options: {},
  logits: applyHeads,
};

/** Every flow between tasks, by its name on the command line. */
export const FLOWS: Readonly<Record<string, Flow>> = Object.fromEntries(
  [none, anyFlow(esmm), anyFlow(aitm), anyFlow(conditional)].map((flow) => [flow.name, flow]),
);

/** A flow with all of its options; as plain data it is { name, …options }. */
export interface ChosenFlow {
  readonly flow: Flow;
  readonly options: object;
}

/**
 * Reads "esmm:path=visit+conversion" or { name: 'esmm', path: [...] } and fills in the defaults.
 *
 * @throws `flow-unknown`, `flow-invalid`
 */
export function chooseFlow(input: SpecInput | undefined = none.name): ChosenFlow {
  const { method, options } = chooseMethod(FLOWS, input, PLACE);
  return { flow: method, options };
}

/** @throws `flow-invalid` */
export function checkFlow({ flow, options }: ChosenFlow, problem: FlowProblem): void {
  if (flow === none) return;
  if (problem.long)
    throw flowError(undefined, {
      expected: 'rows that carry labels of all tasks',
      found: 'rows of one task each (`by`)',
      help: 'Use the flow "none", or a table with a column for each task.',
    });
  flow.check?.(options, problem);
}

const PLACE: MethodPlace = { path: 'model.flow', unknown: 'flow-unknown', invalid: 'flow-invalid' };
