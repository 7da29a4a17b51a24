/** Whose parameters a block holds; blocks without parameters (a mixture, an input) are nobody's. */
export type BlockOwner =
  | { readonly kind: 'none' }
  | { readonly kind: 'shared' }
  | { readonly kind: 'expert'; readonly expert: string }
  | { readonly kind: 'task'; readonly task: string };

/** A box of an architecture's drawing. */
export interface Block {
  readonly id: string;
  readonly label: string;
  /** A second line: sizes, a formula. */
  readonly detail?: string;
  readonly owner: BlockOwner;
  /** Its row in the drawing, from the input at 0 upwards. */
  readonly level: number;
}

/** An arrow between boxes: what flows, what steers (a gate), what pulls (a penalty, both ways). */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly kind: 'flow' | 'gate' | 'pull';
}

/** An architecture as boxes and arrows, without positions. */
export interface Sketch {
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
  /** The block that each task's tower stands on. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The block that gives to the logits of some tasks, past their towers. */
  readonly beside?: Readonly<Record<string, string>>;
}

export const SHARED_BLOCK: BlockOwner = { kind: 'shared' };
export const NOBODYS: BlockOwner = { kind: 'none' };
export const taskBlock = (task: string): BlockOwner => ({ kind: 'task', task });
export const expertBlock = (expert: string): BlockOwner => ({ kind: 'expert', expert });

/** The sizes of some layers as text: "128 → 64". */
export function formatWidths(widths: readonly number[]): string {
  return widths.length === 0 ? 'no layers' : widths.join(' → ');
}
