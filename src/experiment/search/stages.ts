import { type Candidate, changed } from './candidate.ts';
import { portfolioFor, type TableSize } from './portfolio.ts';

/** What a stage builds on. */
export interface Standing {
  /** The best so far. */
  readonly best: Candidate;
  /** The best of each race so far, best first; the finalists. */
  readonly front: readonly Candidate[];
  /** Settings of the best with the defaults filled in. */
  readonly hidden: readonly number[];
  readonly dropout: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly size: TableSize;
  /** Partitions of the tasks by the affinity that training showed, most promising first. */
  readonly partitions: readonly (readonly (readonly string[])[])[];
}

/** A race in a search: who runs, and how much of what is left it may spend. */
export interface Stage {
  readonly name: string;
  /** Its part of the budget, relative to those of the stages after it. */
  readonly weight: number;
  candidates(at: Standing): readonly Candidate[];
}

/** What kind of network: what the run says itself, and what does well on tables. */
const network: Stage = {
  name: 'network',
  weight: 3,
  candidates: ({ best, size }) => [best, ...portfolioFor(size)],
};

/** How θ is split, how losses are weighed, and who is learned with whom. */
const sharing: Stage = {
  name: 'sharing',
  weight: 3,
  candidates: ({ best, hidden, partitions }) => {
    const width = hidden.at(-1) ?? 32;
    const tower = Math.max(8, Math.round(width / 2));
    return [
      best,
      changed(best, { name: 'mmoe', settings: { model: { sharing: 'mmoe:experts=4' } } }),
      ...partitions.map((groups, i) =>
        changed(best, { name: i === 0 ? 'groups' : `groups ${i + 1}`, settings: {}, groups }),
      ),
      changed(best, { name: 'uncertainty', settings: { objective: 'uncertainty' } }),
      changed(best, { name: 'towers', settings: { model: { tower: [tower] } } }),
      changed(best, {
        name: 'split early',
        settings: { model: { hidden: hidden.slice(0, -1), tower: [width] } },
      }),
      changed(best, { name: 'cross-stitch', settings: { model: { sharing: 'cross-stitch' } } }),
      changed(best, { name: 'stch', settings: { objective: 'stch' } }),
      changed(best, { name: 'ple', settings: { model: { sharing: 'ple' } } }),
      changed(best, { name: 'upgrad', settings: { objective: 'upgrad' } }),
    ];
  },
};

/** How it is trained: rate and regularisation. */
const training: Stage = {
  name: 'training',
  weight: 2,
  candidates: ({ best, learningRate, dropout }) => [
    best,
    changed(best, { name: 'rate ×3', settings: { training: { learningRate: 3 * learningRate } } }),
    changed(best, { name: 'rate ÷3', settings: { training: { learningRate: learningRate / 3 } } }),
    changed(best, {
      name: 'decay 0.1',
      settings: { training: { optimiser: { kind: 'adamw', weightDecay: 0.1 } } },
    }),
    changed(best, {
      name: 'more dropout',
      settings: { model: { dropout: Math.min(0.6, dropout + 0.2) } },
    }),
    changed(best, { name: 'less dropout', settings: { model: { dropout: Math.max(0, dropout - 0.2) } } }),
  ],
};

/** How large it is, and how many rows a step sees. */
const size: Stage = {
  name: 'size',
  weight: 1,
  candidates: ({ best, hidden, batchSize }) => [
    best,
    changed(best, { name: 'averaged', settings: { training: { average: 0.99 } } }),
    changed(best, {
      name: 'twice as wide',
      settings: { model: { hidden: hidden.map((width) => 2 * width) } },
    }),
    changed(best, {
      name: 'half as wide',
      settings: { model: { hidden: hidden.map((width) => Math.max(4, Math.round(width / 2))) } },
    }),
    changed(best, {
      name: 'smaller batches',
      settings: { training: { batchSize: Math.max(16, batchSize / 4) } },
    }),
  ],
};

/** Those who came out best of the races before are trained further, and the best of them to its end. */
const finish: Stage = { name: 'finish', weight: 2, candidates: ({ front }) => front };
const last: Stage = { name: 'last', weight: 1, candidates: ({ best }) => [best] };

/** What is tried around the best once more, where all trainings came to their end before the budget did. */
const AGAIN: readonly Stage[] = [training, size, finish, last];

/** The stages of another round. @param round from 2 on */
export const stagesOf = (round: number): readonly Stage[] =>
  AGAIN.map((stage) => ({ ...stage, name: `${stage.name} ${round}` }));

/** The stages of the side that learns tasks together, and of the one that learns each alone: both spend the same. */
export const STAGES: { readonly together: readonly Stage[]; readonly alone: readonly Stage[] } = {
  together: [network, sharing, training, size, finish, last],
  alone: [{ ...network, weight: 4 }, { ...training, weight: 3 }, { ...size, weight: 2 }, finish, last],
};
