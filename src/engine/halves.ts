import { topological } from './graph.ts';
import { inputName, inputOperator } from './leaf.ts';
import type { Node, Tensor } from './tensor.ts';

/** Operators that only look at memory another way: what they do is done again more cheaply than handed over. */
const VIEWS: ReadonlySet<string> = new Set(['reshape', 'split', 'slice', 'expand']);

/** Of these, those that hold no more than what they look at. */
const SAME: ReadonlySet<string> = new Set(['reshape', 'expand']);

/** What a step in two halves hands over from the first half to the second. */
export interface Halves {
  /** Values that the first half computes and the second one needs. */
  readonly handed: readonly Tensor[];
  /** Outputs that the first half computes. */
  readonly early: ReadonlySet<Tensor>;
  /** A question that depends on an answer, by its place; −1 where there is none. */
  readonly loop: number;
}

/**
 * Divides a step between what must be known before the answers and what needs them. What could stand in either half
 * stands where less is handed over: in the second one, if all that it works on is there anyway.
 *
 * @param states next values, which leave the second half
 * @param outputs what leaves either half
 * @param answers names of the input leaves that stand for answers
 */
export function halves(
  states: readonly Tensor[],
  outputs: readonly Tensor[],
  questions: readonly Tensor[],
  answers: ReadonlySet<string>,
): Halves {
  const order = topological([...states, ...outputs, ...questions]);
  const isAnswer = (node: Node): boolean => isInput(node) && answers.has(inputName(node.outputs[0]!));
  const late = new Set<Node>();
  const atHand = new Set<Node>();
  for (const node of order) {
    if (isAnswer(node) || node.inputs.some((value) => late.has(value.node))) late.add(node);
    else if (node.inputs.length === 0) atHand.add(node);
    else if (VIEWS.has(node.operator.name) && node.inputs.every((value) => atHand.has(value.node)))
      atHand.add(node);
  }
  const loop = questions.findIndex(({ node }) => late.has(node));
  const bound = new Set(topological(questions));
  const isFree = (node: Node): boolean => !late.has(node) && !atHand.has(node) && !bound.has(node);
  // What needs nothing of the first half waits for the second.
  moveWhere(order, late, (node) => isFree(node), atHand);
  const handed = crossing(order, states, late, atHand);
  const there = new Set([...atHand, ...handed.map(({ node }) => node)]);
  moveWhere(order, late, isFree, there);
  const early = new Set(outputs.filter(({ node }) => !late.has(node) && !atHand.has(node)));
  return { handed: crossing(order, states, late, atHand), early, loop };
}

/** Adds nodes to the second half that find all inputs there, in the order of the graph. */
function moveWhere(
  order: readonly Node[],
  late: Set<Node>,
  may: (node: Node) => boolean,
  there: ReadonlySet<Node>,
): void {
  const users = usersOf(order);
  const moved = new Set<Node>();
  const isLate = (node: Node): boolean => late.has(node) || moved.has(node);
  for (const node of order)
    if (may(node) && node.inputs.every((value) => isLate(value.node) || there.has(value.node)))
      moved.add(node);
  // What the first half needs as well stays there: nothing is computed twice.
  for (const node of [...order].reverse())
    if (moved.has(node) && (users.get(node) ?? []).some((user) => !isLate(user))) moved.delete(node);
  for (const node of moved) late.add(node);
}

/** Values of the first half that the second takes from it. */
function crossing(
  order: readonly Node[],
  states: readonly Tensor[],
  late: ReadonlySet<Node>,
  atHand: ReadonlySet<Node>,
): Tensor[] {
  const found = new Set<Tensor>();
  const take = (value: Tensor): void => {
    if (late.has(value.node) || atHand.has(value.node)) return;
    // Under another shape a value would leave as a copy of itself.
    if (SAME.has(value.node.operator.name)) take(value.node.inputs[0]!);
    else found.add(value);
  };
  for (const node of order) if (late.has(node)) node.inputs.forEach(take);
  states.forEach(take);
  return [...found];
}

function usersOf(order: readonly Node[]): Map<Node, Node[]> {
  const users = new Map<Node, Node[]>();
  for (const node of order)
    for (const { node: used } of node.inputs) users.set(used, [...(users.get(used) ?? []), node]);
  return users;
}

const isInput = (node: Node): boolean => (node.operator as unknown) === inputOperator;
