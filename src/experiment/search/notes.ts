import type { RunFolder } from '../run-folder.ts';
import type { Record, RungPlan } from './race.ts';
import type { Side } from './result.ts';

interface RungNote {
  readonly plan: RungPlan;
  readonly ranking?: readonly string[];
}

/** A stage as it began: its part of the budget, who runs, and its rungs so far. */
export interface StageNote extends StagePlan {
  readonly rungs: RungNote[];
}

export interface StagePlan {
  readonly start: number;
  readonly end: number;
  /** Who runs. */
  readonly names: readonly string[];
}

interface NotesJSON {
  spent: number;
  readonly stages: { [stage: string]: StageNote };
}

const FILE = 'search.json';

/**
 * What a search has decided, as it went: `search.json`. Whoever goes on with a search that was stopped decides the same
 * again, up to where it was.
 */
export class Notes {
  readonly #folder: RunFolder;
  readonly #content: NotesJSON;

  private constructor(folder: RunFolder, content: NotesJSON) {
    this.#folder = folder;
    this.#content = content;
  }

  static async open(folder: RunFolder): Promise<Notes> {
    const text = await folder.read(FILE);
    return new Notes(folder, text === undefined ? { spent: 0, stages: {} } : (JSON.parse(text) as NotesJSON));
  }

  /** How much was spent when the last note was taken. */
  get spent(): number {
    return this.#content.spent;
  }

  /** Whether a stage has begun. */
  has(side: Side, name: string): boolean {
    return this.#content.stages[`${side}/${name}`] !== undefined;
  }

  /** A stage as it was when it began. */
  async stage(side: Side, name: string, begin: () => StagePlan): Promise<StageNote> {
    const key = `${side}/${name}`;
    const { stages } = this.#content;
    const known = stages[key];
    if (known !== undefined) return known;
    const note = { ...begin(), rungs: [] };
    stages[key] = note;
    await this.#write(note.start);
    return note;
  }

  /** The rungs of a stage as the record of its race. @param named contestants by their names */
  record<C>({ rungs }: StageNote, named: ReadonlyMap<string, C>, spent: () => number): Record<C> {
    const names = new Map([...named].map(([name, contestant]) => [contestant, name]));
    const keep = async (rung: number, note: RungNote): Promise<void> => {
      rungs[rung] = note;
      await this.#write(spent());
    };
    return {
      plan: (rung) => rungs[rung]?.plan,
      planned: async (rung, plan) => {
        if (rungs[rung] === undefined) await keep(rung, { plan });
      },
      ranking: (rung) => rungs[rung]?.ranking?.map((name) => named.get(name)!),
      ranked: async (rung, ranking) => {
        const note = rungs[rung]!;
        if (note.ranking === undefined)
          await keep(rung, { ...note, ranking: ranking.map((one) => names.get(one)!) });
      },
    };
  }

  async #write(spent: number): Promise<void> {
    this.#content.spent = Math.max(this.#content.spent, spent);
    await this.#folder.write(FILE, `${JSON.stringify(this.#content)}\n`);
  }
}
