const VOID = new Set(['meta', 'br', 'link', 'hr', 'img', 'input']);

/** Every tag in order, with its attributes' names; throws where one is not closed, closed twice or malformed. */
export function parsePage(text: string): { tags: string[]; attributes: string[] } {
  const attributes: string[] = [];
  const open: string[] = [];
  const tags: string[] = [];
  const body = text.replace(/^<!doctype html>\n/, '').replace(/<style>[^<]*<\/style>/, '');
  for (const [tag] of body.matchAll(/<[^>]*>?/g)) {
    const match = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>$/.exec(tag);
    if (match === null) throw new Error(`malformed: ${tag}`);
    const [, closing, name, inside, self] = match;
    const names = [...inside!.matchAll(/([\w:-]+)="/g)].map(([, own]) => own);
    if (new Set(names).size !== names.length) throw new Error(`attribute twice: ${tag}`);
    attributes.push(...(names as string[]));
    if (closing) {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>`);
    } else {
      tags.push(name!);
      if (!self && !VOID.has(name!)) open.push(name!);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(' ')}`);
  return { tags, attributes };
}
