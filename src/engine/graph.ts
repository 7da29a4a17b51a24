import { type Attribute, apply, inScope, type Node, type Tensor } from './tensor.ts';

/** Every node that the outputs need, inputs before users. */
export function topological(outputs: readonly Tensor[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // An explicit stack: graphs of deep networks are deeper than the call stack.
  const stack: { node: Node; next: number }[] = [];
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  };
  for (const { node } of outputs) {
    visit(node);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input !== undefined) visit(input.node);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}

/** The same graph with some tensors replaced; nodes that do not depend on them are shared, not copied. */
export function substitute(outputs: readonly Tensor[], replacement: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  const image = new Map<Tensor, Tensor>(replacement);
  for (const node of topological(outputs)) {
    const inputs = node.inputs.map((value) => image.get(value) ?? value);
    if (inputs.every((value, i) => value === node.inputs[i])) continue;
    const rebuilt = inScope(node.scope, () => apply(node.operator, inputs, node.attributes));
    node.outputs.forEach((value, i) => {
      if (!image.has(value)) image.set(value, rebuilt[i]!);
    });
  }
  return outputs.map((value) => image.get(value) ?? value);
}

/**
 * Merges nodes that compute the same thing (same operator, attributes and inputs) and puts simpler ones where an
 * operator knows of them, so that a graph built by composition costs what one written by hand would.
 */
export function merge(outputs: readonly Tensor[]): Tensor[] {
  const merged = mergeOnce(outputs);
  // What is simpler may be made of nodes that are not the only ones of their kind either.
  return merged.every((value, i) => value === outputs[i]) ? merged : merge(merged);
}

function mergeOnce(outputs: readonly Tensor[]): Tensor[] {
  const image = new Map<Tensor, Tensor>();
  const known = new Map<string, Node>();
  const ids = new Map<Tensor, number>();
  const id = (value: Tensor): number => {
    const own = ids.get(value) ?? ids.size;
    ids.set(value, own);
    return own;
  };
  /** The first of the nodes that compute the same. */
  const first = (node: Node): Node => {
    const key = `${node.operator.name}(${node.inputs.map(id).join(',')})${attributeKey(node.attributes)}`;
    const same = known.get(key) ?? node;
    known.set(key, same);
    return same;
  };
  for (const node of topological(outputs)) {
    const inputs = node.inputs.map((value) => image.get(value) ?? value);
    const own = inputs.every((value, i) => value === node.inputs[i]) ? node : rebuild(node, inputs);
    const simpler = inScope(node.scope, () => own.operator.simplify?.(own));
    const same = first(simpler?.node ?? own);
    node.outputs.forEach((value, i) => {
      image.set(value, same.outputs[simpler?.index ?? i]!);
    });
  }
  return outputs.map((value) => image.get(value)!);
}

/** A copy of a node over equivalent inputs, which keep its types and its place. */
function rebuild(node: Node, inputs: readonly Tensor[]): Node {
  const outputs: Tensor[] = [];
  const copy: Node = { ...node, inputs, outputs };
  node.outputs.forEach(({ dtype, shape }, index) => {
    outputs.push({ node: copy, index, dtype, shape });
  });
  return copy;
}

const contentIds = new WeakMap<object, number>();
let nextContentId = 0;

function attributeKey(attribute: Attribute | Readonly<Record<string, Attribute>>): string {
  // JSON writes ±∞ and NaN alike, and −0 as 0.
  if (typeof attribute === 'number') return Object.is(attribute, -0) ? '-0' : String(attribute);
  if (attribute === null || typeof attribute !== 'object') return JSON.stringify(attribute);
  if (ArrayBuffer.isView(attribute)) {
    if (attribute.length <= 16) {
      const values = Array.from(attribute as ArrayLike<number | bigint>, (x) =>
        typeof x === 'bigint' ? String(x) : attributeKey(x),
      );
      return `<${attribute.constructor.name} ${values.join(',')}>`;
    }
    // Long constants are the same when they are the same array.
    const own = contentIds.get(attribute) ?? nextContentId++;
    contentIds.set(attribute, own);
    return `<array ${own}>`;
  }
  if (Array.isArray(attribute)) return `[${attribute.map(attributeKey).join(',')}]`;
  return `{${Object.entries(attribute)
    .map(([name, value]) => `${name}:${attributeKey(value)}`)
    .join(',')}}`;
}
